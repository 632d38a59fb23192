package com.example.app;

import java.util.Arrays;
import java.util.List;

/** All shapes of calls; every one prints what the caller got, so that runs with and without hooks can be compared. */
public class Api {
    public interface Source { String fetch(String key); default String both(String key) { return fetch(key) + fetch(key); } }
    public static abstract class Base { public abstract long size(long n); public String name() { return "base"; } }
    public static final class Impl extends Base implements Source {
        public long size(long n) { return n + 1; }
        public String fetch(String key) { return "v:" + key; }
        @Override public String name() { return "impl/" + super.name(); }
    }
    public static class Other extends Base { public long size(long n) { return n * 2; } }
    public static class Odd extends RuntimeException {
        public static int told = 0;
        public Odd(String m) { super(m); }
        @Override public String toString() { told++; return "odd " + getMessage(); }
    }
    public static class Checked extends Exception { public Checked(String m) { super(m); } }
    public static class Made {
        final String a; final int b;
        public Made() { this("none", 1); }
        public Made(String a, int b) { if (b < 0) throw new IllegalArgumentException("neg"); this.a = a; this.b = b; }
    }
    private final int x;
    public Api(int x) { this.x = x; }
    public int recurse(int n) { return n == 0 ? x : recurse(n - 1) + 1; }
    public String text(String s) { return s; }
    public Object same(Object o) { return o; }
    public boolean flag(boolean b, char c, byte d, short e) { return !b && c == 'x' && d == -5 && e == 300; }
    public long big(long v) { return v; }
    public double real(double d, float f) { return d + f; }
    public int[] ints(int[] a) { a[0]++; return a; }
    public byte[] bytes(byte[] a) { return a; }
    public String[] strings(String[] a) { return a; }
    public int[][] grid(int[][] g) { return g; }
    public List<String> list(List<String> l) { return l; }
    public void none() { }
    public String nothing() { return null; }
    public static boolean place(float[] at, boolean there) {
        if (there) { at[0] = 39.9163447f; at[1] = 116.3971546f; }
        return there;
    }
    public static double[] spot(boolean there) { return there ? new double[] {39.9163447, 116.3971546} : null; }
    public static int sum(int... a) { return Arrays.stream(a).sum(); }
    public static String join(String a, Object... b) { return a + b.length; }
    public final synchronized String locked(String a) { return a + Thread.holdsLock(this); }
    private String hidden(String a) { return "h" + a; }
    public void bad() { throw new Odd("boom"); }
    public void checked() throws Checked { throw new Checked("check"); }
    public String outer(String a) { return inner(a) + inner(a); }
    public String inner(String a) { return a + hidden(a); }
    public String dispatchRequestPermissionsResult(String a) { return onAnswer(a) + inner(a); }
    public String onAnswer(String a) { return inner(a); }
    public String pause(int ms) {
        try { Thread.sleep(ms); } catch (InterruptedException e) { return "interrupted"; }
        return "waited";
    }
    void rest(int ms) { try { Thread.sleep(ms); } catch (InterruptedException e) { } }
    public void leave(int code) { System.exit(code); }
    protected native int missing();

    static String thrown(Runnable r) {
        try { r.run(); return "no"; } catch (Throwable t) {
            StackTraceElement[] s = t.getStackTrace();
            return t.getClass().getName() + ":" + t.getMessage() + "@" + (s.length > 0 ? s[0].getMethodName() : "");
        }
    }

    static void all() {
        Api a = new Api(7);
        String lone = "a\ud800b", nul = "a\0b", emoji = "\ud83d\ude00\u4e2d\u6587";
        StringBuilder same = new StringBuilder("x");
        int[] ia = {1, 2}; byte[] ba = {1, -1}; String[] sa = {"p", null}; int[][] g = {{1}, {2, 3}};
        List<String> l = Arrays.asList("q", "r");
        out("recurse", a.recurse(5));
        for (String s : new String[] {lone, nul, emoji, "", null}) { out("text", a.text(s) == s, s == null ? -1 : a.text(s).length()); }
        out("same", a.same(same) == same, a.same(null) == null, a.same(nul) == nul);
        out("flag", a.flag(false, 'x', (byte) -5, (short) 300), a.flag(true, 'x', (byte) -5, (short) 300));
        out("big", a.big(Long.MAX_VALUE), a.big(Long.MIN_VALUE), a.big(9007199254740993L));
        out("real", a.real(0.1, 0.2f), a.real(Double.NaN, 1f), a.real(Double.NEGATIVE_INFINITY, 0f));
        out("ints", a.ints(ia) == ia, ia[0], a.bytes(ba) == ba, a.strings(sa) == sa, a.grid(g) == g, a.list(l) == l);
        a.none();
        out("nothing", a.nothing(), sum(), sum(1, 2, 3), join("j"), join("j", 1, "2"));
        out("locked", a.locked("k"), a.outer("o"));
        out("made", new Made().a, new Made("m", 3).b, thrown(() -> new Made("n", -1)));
        Impl impl = new Impl();
        Source s = impl; Base b = impl;
        out("impl", s.fetch("1"), s.both("2"), b.size(41L), b.name(), new Other().size(4L), new Other().name());
        out("throws", thrown(a::bad), Odd.told, thrown(() -> { try { a.checked(); } catch (Checked c) { throw new RuntimeException(c.getMessage()); } }));
        out("native", thrown(() -> a.missing()));
    }

    static void out(String name, Object... values) {
        StringBuilder line = new StringBuilder(name);
        for (Object v : values) line.append(' ').append(v);
        System.out.println(line);
    }
}
