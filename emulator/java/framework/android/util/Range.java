package android.util;

import java.util.Objects;

public final class Range<T extends Comparable<? super T>> {
    private final T mLower;
    private final T mUpper;

    public Range(T lower, T upper) {
        mLower = Objects.requireNonNull(lower);
        mUpper = Objects.requireNonNull(upper);
        if (lower.compareTo(upper) > 0) throw new IllegalArgumentException("lower must be less than or equal to upper");
    }

    public static <T extends Comparable<? super T>> Range<T> create(T lower, T upper) { return new Range<>(lower, upper); }
    public T getLower() { return mLower; }
    public T getUpper() { return mUpper; }
    public boolean contains(T value) { return value.compareTo(mLower) >= 0 && value.compareTo(mUpper) <= 0; }
    public boolean contains(Range<T> range) { return contains(range.mLower) && contains(range.mUpper); }
    public T clamp(T value) { return value.compareTo(mLower) < 0 ? mLower : value.compareTo(mUpper) > 0 ? mUpper : value; }
    @Override public boolean equals(Object o) { return o instanceof Range && mLower.equals(((Range<?>) o).mLower) && mUpper.equals(((Range<?>) o).mUpper); }
    @Override public int hashCode() { return Objects.hash(mLower, mUpper); }
    @Override public String toString() { return "[" + mLower + ", " + mUpper + "]"; }
}
