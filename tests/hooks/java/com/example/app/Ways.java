package com.example.app;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** Ways to call a method, static initialisers that say when they run, and much garbage. */
public class Ways {
    static final StringBuilder ORDER = new StringBuilder();

    static void ran(String name) { ORDER.append(name).append(' '); }

    public static class First { static { ran("First"); } public static String s() { return "s"; } public String v() { return "v"; } }
    public static class Second extends First { static { ran("Second"); } public static String t() { return "t"; } @Override public String v() { return "v2"; } }
    public static class Never { static { ran("Never"); } public static String n() { return "n"; } }
    /** Calls its own hooked method while it is initialised. */
    public static class Selfish { static final String X; static { ran("Selfish"); X = make() + make(); } static String make() { return "m"; } public static String get() { return X + make(); } }
    public static class Fails { static { ran("Fails"); if (true) throw new IllegalStateException("no"); } public static String f() { return "f"; } }

    public interface Gives { String own(); default String given(String key) { return key + "!"; } static String fixed() { return "fixed"; } }
    public static class Early implements Gives { public String own() { return "early"; } }
    public static class Late implements Gives { public String own() { return "late"; } }
    public static class Other implements Gives { public String own() { return "other"; } @Override public String given(String key) { return key + "?"; } }

    public static class Made { final int n; public Made(int n) { this.n = n; } public Made() { this(4); } }
    public static class Below extends Made { public Below() { super(9); } }

    public static class Target {
        public static int sum(int a, long b, double c, String d) { return a + (int) b + (int) c + d.length(); }
        public String virtual(String a) { return a + "1"; }
        private String hidden(String a) { return a + "p"; }
        public String open(String a) { return hidden(a); }
        public final synchronized String locked() { return "locked"; }
        public static String again(int n) { return n == 0 ? "" : "r" + again(n - 1); }
        public String chain() { return "c"; }
        public String refuses() { throw new Api.Odd("x"); }
        public float many(float a, double b, float c, double d, float e, double f, float g, double h, float i, double j, int k, long l, int m, long n, int o, int p) {
            return (float) (a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p);
        }
        /** More of each kind than a processor passes in registers. */
        public String wide(int a, long b, String c, short d, byte e, char f, boolean g, long h, String i, int j, double k, float l, double m, float n,
                double o, float p, double q, float r, double s, float t, long u, String v, byte w, boolean x) {
            return a + " " + b + c + d + " " + e + f + g + h + i + j + " " + k + " " + l + " " + m + " " + n + " " + o + " " + p + " " + q + " " + r + " " + s
                + " " + t + " " + u + v + w + x;
        }
        public static long spread(long a, byte b, long c, short d, int e, char f, long g, byte h, int i, long j, boolean k, short l, long m) {
            return a ^ b << 1 ^ c << 2 ^ d << 3 ^ e << 4 ^ f << 5 ^ g << 6 ^ h << 7 ^ i << 8 ^ j << 9 ^ (k ? 1 << 10 : 0) ^ l << 11 ^ m << 12;
        }
    }
    public static class Child extends Target { @Override public String chain() { return super.chain() + "2"; } }

    interface Work { Object run() throws Throwable; }

    static String of(Work work) {
        try { return String.valueOf(work.run()); } catch (Throwable t) { return t.getClass().getName(); }
    }

    static void all() throws Throwable {
        Target target = new Target();
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodType text = MethodType.methodType(String.class, String.class);
        MethodHandle sum = lookup.findStatic(Target.class, "sum", MethodType.methodType(int.class, int.class, long.class, double.class, String.class));
        MethodHandle virtual = lookup.findVirtual(Target.class, "virtual", text);
        MethodHandle made = lookup.findConstructor(Made.class, MethodType.methodType(void.class, int.class));
        Api.out("begin", ORDER);
        Api.out("plain", Target.sum(1, 2, 3.5, "abc"), target.virtual("a"), target.open("b"), target.locked(), new Child().chain());
        Api.out("wide", target.wide(-1, -2L, "three", (short) -4, (byte) -5, 'f', true, 1L << 40, "nine", -10, 1.5, 2.5f, 3.5, 4.5f, 5.5, 6.5f, 7.5, 8.5f, 9.5, 10.5f,
            -1L << 41, "v", (byte) -23, false), Target.spread(-1L, (byte) -2, 3L, (short) -4, 5, 'f', 7L << 33, (byte) -8, -9, -10L, true, (short) -12, 13L << 34));
        Api.out("many", target.many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16), Target.again(5));
        Api.out("handles", (int) sum.invokeExact(1, 2L, 3.0, "x"), (String) virtual.invokeExact(target, "q"), virtual.invoke(target, "q"),
            virtual.invokeWithArguments(target, "q"), (String) virtual.bindTo(target).invokeExact("q"), ((Made) made.invokeExact(3)).n);
        Function<String, String> reference = target::virtual;
        Supplier<Made> maker = Made::new;
        VarHandle field = MethodHandles.lookup().findVarHandle(Made.class, "n", int.class);
        Api.out("fields", field.get(new Made(8)), lookup.findGetter(Made.class, "n", int.class).invoke(new Made(7)));
        Api.out("lambdas", reference.apply("w"), maker.get().n);
        Api.out("reflection", Target.class.getMethod("virtual", String.class).invoke(target, "r"), Made.class.getConstructor(int.class).newInstance(6).n, new Below().n);
        Gives early = new Early(), late = new Late(), other = new Other();
        Api.out("inherited", early.given("k"), late.given("k"), other.given("k"), ((Early) early).given("j"), Gives.fixed());
        Gives proxy = (Gives) Proxy.newProxyInstance(Ways.class.getClassLoader(), new Class<?>[] {Gives.class}, (p, method, args) -> "proxied");
        Api.out("proxy", proxy.own(), proxy.given("z"));
        Api.out("refuses", of(target::refuses), Api.Odd.told);
        Api.out("order", ORDER);
        Api.out("classes", Second.t(), new Second().v(), First.s(), new First().v(), Selfish.get(), Selfish.make());
        Api.out("fails", of(Fails::f), of(Fails::f));
        Api.out("order", ORDER);
        Api.out("seen", Modifier.toString(Target.class.getMethod("virtual", String.class).getModifiers()), Target.class.getMethod("locked").toGenericString());
    }

    /** Calls from eight threads while another one forces collections: what came of all of them, and how many collections. */
    static void churn(int threads, int calls) throws InterruptedException {
        long[] sums = new long[threads];
        boolean[] over = new boolean[1];
        Thread[] workers = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            final int number = i;
            workers[i] = new Thread(() -> {
                Target target = new Target();
                long sum = number;
                for (int j = 0; j < calls; j++) sum = sum * 31 + target.virtual("v" + (j & 1023)).hashCode();
                sums[number] = sum;
            });
        }
        int[] collections = new int[1];
        Thread collector = new Thread(() -> {
            while (true) {
                synchronized (over) { if (over[0]) return; }
                Runtime.getRuntime().gc(); // Android's System.gc() alone does nothing.
                collections[0]++;
            }
        });
        collector.start();
        for (Thread one : workers) one.start();
        for (Thread one : workers) one.join();
        synchronized (over) { over[0] = true; }
        collector.join();
        System.out.println("sums " + java.util.Arrays.hashCode(sums));
        System.out.println("collections " + collections[0]);
    }

    /** Calls from eight threads that make garbage, with collections in between. */
    static void garbage(int calls) throws InterruptedException {
        AtomicInteger wrong = new AtomicInteger();
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            final int number = i;
            threads[i] = new Thread(() -> {
                Target target = new Target();
                List<Object> kept = new ArrayList<>();
                for (int j = 0; j < calls; j++) {
                    if (!target.virtual("a" + j).equals("a" + j + "1")) wrong.incrementAndGet();
                    if (Target.sum(number, j, 1.0, "ab") != number + j + 3) wrong.incrementAndGet();
                    kept.add(new byte[512]);
                    if (kept.size() > 500) kept = new ArrayList<>();
                    if (number == 0 && j % 2000 == 0) Runtime.getRuntime().gc();
                    if (j % 500 == 0) try { target.refuses(); } catch (Api.Odd odd) { if (odd.getStackTrace().length < 2) wrong.incrementAndGet(); }
                }
            });
            threads[i].start();
        }
        for (Thread one : threads) one.join();
        System.out.println("wrong " + wrong);
    }
}
