package android.util;

public final class Rational extends Number implements Comparable<Rational> {
    public static final Rational ZERO = new Rational(0, 1);
    private final int numerator;
    private final int denominator;

    public Rational(int n, int d) {
        int g = d == 0 ? Math.max(1, Math.abs(n)) : java.math.BigInteger.valueOf(n).gcd(java.math.BigInteger.valueOf(d)).intValue();
        numerator = (d < 0 ? -n : n) / g;
        denominator = Math.abs(d) / g;
    }

    public static Rational parseRational(String s) {
        String[] pair = s.split("[:/]");
        if (pair.length != 2) throw new NumberFormatException("Invalid Rational: \"" + s + "\"");
        return new Rational(Integer.parseInt(pair[0]), Integer.parseInt(pair[1]));
    }
    public int getNumerator() { return numerator; }
    public int getDenominator() { return denominator; }
    public boolean isFinite() { return denominator != 0; }
    public boolean isZero() { return isFinite() && numerator == 0; }
    @Override public double doubleValue() { return (double) numerator / denominator; }
    @Override public float floatValue() { return (float) doubleValue(); }
    @Override public int intValue() { return (int) doubleValue(); }
    @Override public long longValue() { return (long) doubleValue(); }
    @Override public int compareTo(Rational o) { return Double.compare(doubleValue(), o.doubleValue()); }
    @Override public boolean equals(Object o) { return o instanceof Rational && ((Rational) o).numerator == numerator && ((Rational) o).denominator == denominator; }
    @Override public int hashCode() { return numerator * 31 + denominator; }
    @Override public String toString() { return numerator + "/" + denominator; }
}
