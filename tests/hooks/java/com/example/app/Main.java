package com.example.app;

import android.net.ConnectTask;
import android.telephony.ReadTask;
import android.telephony.TelephonyManager;
import com.vendor.sdk.Tracker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Does what the lines on its input say; answers "done" after each. */
public class Main {
    static TelephonyManager tm;
    static URLClassLoader held;
    static java.util.concurrent.CountDownLatch gate;
    static java.util.concurrent.Future<String> waiting;
    static final java.util.List<Thread> CROWD = new java.util.ArrayList<>();
    static final java.util.List<String> SAID = new java.util.ArrayList<>();

    /** A loader of the app's own, with a field that its parent's constructor does not know yet. */
    static class Own extends URLClassLoader {
        private final Object lock = new Object();
        Own(URL[] urls) { super(urls, null); }
        @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
            synchronized (lock) { return super.findClass(name); }
        }
    }

    static void placed(Object where) {}

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("gate")) {
            System.out.println("held");
            for (int c = System.in.read(); c != '\n'; c = System.in.read()) { }
            for (int i = 0; i < 5; i++) System.out.println(new TelephonyManager().getDeviceId());
        }
        if (args.length > 0 && args[0].equals("now")) {
            for (int i = 0; i < 5; i++) System.out.println(new TelephonyManager().getDeviceId());
        }
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = in.readLine()) != null; ) {
            String[] w = line.split(" ");
            try { act(w); } catch (Throwable t) { System.out.println("failed " + t); }
            System.out.println("done");
        }
    }

    static final java.util.List<Object> ORDERS = new java.util.ArrayList<>();

    /** A loader with nothing above it but the platform: of class files on a JVM, of dex on Android. */
    static ClassLoader isolated(String path) throws Exception {
        if (!System.getProperty("java.vm.name").equals("Dalvik")) return new URLClassLoader(new URL[] {Path.of(path).toUri().toURL()}, null);
        ClassLoader boot = ClassLoader.getSystemClassLoader().getParent();
        return (ClassLoader) Class.forName("dalvik.system.PathClassLoader").getConstructor(String.class, ClassLoader.class).newInstance(path, boot);
    }

    /** Nanoseconds of one call, below so many frames. */
    static long deep(int frames, int calls) {
        if (frames > 4) return deep(frames - 1, calls);
        TelephonyManager own = new TelephonyManager();
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) own.getMac();
        return (System.nanoTime() - start) / calls;
    }

    static void act(String[] w) throws Throwable {
        switch (w[0]) {
            case "all": Api.all(); break;
            case "points":
                for (boolean there : new boolean[] {true, false}) { Api.place(new float[2], there); Api.spot(there); }
                break;
            case "early": System.out.println(new Ways.Early().own()); break;
            case "ways": Ways.all(); break;
            case "transform": System.out.println(Transforms.sent(w[1], w[2])); break;
            case "deliver": System.out.println(Delivers.sent(w[1], w[2], w.length > 3 ? w[3] : "")); break;
            case "await": Awaits.begin(); break;
            case "awaited": System.out.println(Awaits.end()); break;
            case "garbage": Ways.garbage(Integer.parseInt(w[1])); break;
            case "reads":
                tm = new TelephonyManager();
                for (int i = 0; i < Integer.parseInt(w[1]); i++) Tracker.read(tm);
                break;
            case "sites": tm = new TelephonyManager(); Tracker.read(tm); Tracker.readOther(tm); Tracker.read(tm); break;
            case "outcomes":
                tm = new TelephonyManager();
                tm.getLine1Number(); tm.getMac(); TelephonyManager.getSimOperator("cn", 1);
                try { tm.getSubscriberId(); } catch (SecurityException e) { System.out.println(e.getMessage()); }
                placed(new android.location.Location(31.2304, 121.4737));
                placed(java.util.List.of(new android.location.Location(39.9042, 116.4074), new android.location.Location(39.905, 116.408)));
                placed(java.util.List.of("no place"));
                break;
            case "threads": {
                int n = Integer.parseInt(w[1]), each = Integer.parseInt(w[2]);
                Thread[] ts = new Thread[n];
                int[] wrong = new int[n];
                for (int i = 0; i < n; i++) {
                    final int k = i;
                    ts[i] = new Thread(() -> {
                        TelephonyManager own = new TelephonyManager();
                        for (int j = 0; j < each; j++) if (!own.getDeviceId(k).equals("490154203237518")) wrong[k]++;
                    });
                    ts[i].start();
                }
                int sum = 0;
                for (int i = 0; i < n; i++) { ts[i].join(); sum += wrong[i]; }
                System.out.println("wrong " + sum);
                break;
            }
            case "churn": Ways.churn(Integer.parseInt(w[1]), Integer.parseInt(w[2])); break;
            case "isolated": {
                ClassLoader loader = isolated(w[1]);
                Class<?> c = loader.loadClass("com.hidden.Secret");
                System.out.println("init " + System.getProperty("secret.init"));
                System.out.println(c.getMethod("read").invoke(null));
                System.out.println("init " + System.getProperty("secret.init"));
                break;
            }
            case "orders": {
                for (int i = Integer.parseInt(w[2]); i > 0; i--) ORDERS.add(isolated(w[1]).loadClass("com.hidden.Order").getConstructor().newInstance());
                System.out.println(ORDERS.size());
                break;
            }
            case "meet": {
                java.util.concurrent.CountDownLatch gate = new java.util.concurrent.CountDownLatch(1);
                Thread[] threads = new Thread[Integer.parseInt(w[2])];
                for (int i = 0; i < threads.length; i++) {
                    threads[i] = new Thread(() -> {
                        try {
                            gate.await();
                            Class<?> made = isolated(w[1]).loadClass("com.hidden.Secret");
                            synchronized (ORDERS) { ORDERS.add(made.getMethod("read")); }
                        } catch (Exception e) { throw new IllegalStateException(e); }
                    });
                    threads[i].start();
                }
                gate.countDown();
                for (Thread one : threads) one.join();
                break;
            }
            case "met":
                for (Object one : ORDERS) System.out.println(((java.lang.reflect.Method) one).invoke(null));
                break;
            case "forget": {
                java.util.List<java.lang.ref.WeakReference<Object>> classes = new java.util.ArrayList<>();
                for (int i = 0; i < ORDERS.size(); i++) classes.add(new java.lang.ref.WeakReference<>(ORDERS.get(i).getClass()));
                ORDERS.clear();
                for (int i = 0; i < 3; i++) Runtime.getRuntime().gc();
                int left = 0;
                for (java.lang.ref.WeakReference<Object> one : classes) if (one.get() != null) left++;
                System.out.println(left);
                break;
            }
            case "hold": {
                URL[] urls = {Path.of(w[1]).toUri().toURL()};
                held = w.length > 2 ? new Own(urls) : new URLClassLoader(urls, null);
                break;
            }
            case "held": {
                Class<?> c = Class.forName("com.hidden.Secret", false, held);
                System.out.println("init " + System.getProperty("secret.init"));
                System.out.println(c.getMethod("read").invoke(null));
                System.out.println("init " + System.getProperty("secret.init"));
                break;
            }
            case "http": {
                try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
                    int[] peer = new int[1];
                    Thread t = new Thread(() -> {
                        try (Socket s = server.accept()) {
                            peer[0] = s.getPort();
                            s.getInputStream().read(new byte[4096]);
                            s.getOutputStream().write("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".getBytes());
                        } catch (java.io.IOException e) { throw new RuntimeException(e); }
                    });
                    t.start();
                    Tracker.send("http://shop.invalid/a", server.getLocalPort());
                    t.join();
                    System.out.println(peer[0] + " " + server.getLocalPort());
                }
                break;
            }
            case "connect":
                try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                     Socket s = new Socket("127.0.0.1", server.getLocalPort()); Socket other = server.accept()) {
                    System.out.println(s.getLocalPort() + " " + server.getLocalPort() + " " + other.getPort());
                }
                break;
            case "open":
                try (java.io.FileInputStream file = new java.io.FileInputStream(w[1])) { System.out.println(file.read() >= 0); }
                catch (java.io.IOException e) { System.out.println(e.getClass().getSimpleName()); }
                break;
            case "why":
                try (java.io.FileInputStream file = new java.io.FileInputStream(w[1])) { System.out.println(file.read() >= 0); }
                catch (java.io.IOException e) { System.out.println(e.getMessage()); }
                break;
            case "storm": {
                int each = Integer.parseInt(w[1]);
                Thread[] ts = new Thread[8];
                java.util.concurrent.atomic.AtomicInteger wrong = new java.util.concurrent.atomic.AtomicInteger();
                for (int i = 0; i < ts.length; i++) {
                    final boolean spawns = i == 0;
                    ts[i] = new Thread(() -> {
                        for (int j = 0; j < each; j++) {
                            try (java.io.FileInputStream file = new java.io.FileInputStream("/proc/cpuinfo")) {
                                if (file.read() < 0) wrong.incrementAndGet();
                                if (new java.io.File("/proc/no/such").exists()) wrong.incrementAndGet();
                                if (spawns && j % 100 == 0 && new ProcessBuilder("true").start().waitFor() != 0) wrong.incrementAndGet();
                            } catch (java.io.IOException | InterruptedException e) { wrong.incrementAndGet(); }
                        }
                    });
                    ts[i].start();
                }
                for (Thread one : ts) one.join();
                System.out.println("wrong " + wrong);
                break;
            }
            case "macs":
                System.out.println(java.net.NetworkInterface.getByName("lo").getHardwareAddress() == null);
                break;
            case "packages":
                try { Runtime.getRuntime().exec(new String[] {"pm-none", "-c", "pm list packages -3"}); } catch (java.io.IOException e) { }
                try { new ProcessBuilder("pm-none", "pm list packages").start(); } catch (java.io.IOException e) { }
                try { Runtime.getRuntime().exec("pm-none list packages"); } catch (java.io.IOException e) { }
                break;
            case "spawn": System.out.println(new ProcessBuilder("true").start().waitFor()); break;
            case "run":
                try { System.out.println(new ProcessBuilder(w[1]).start().waitFor()); }
                catch (java.io.IOException e) { System.out.println("none"); }
                break;
            case "list": {
                String[] found = new java.io.File(w[1]).list();
                System.out.println(found == null ? "null" : found.length > 0);
                break;
            }
            case "answer":
                for (int i = 0; i < Integer.parseInt(w[1]); i++) new Api(1).dispatchRequestPermissionsResult("o");
                break;
            case "mixed": {
                Api a = new Api(1);
                for (int i = 0; i < Integer.parseInt(w[1]); i++) { a.outer("o"); Api.thrown(a::bad); new TelephonyManager().getMac(); }
                break;
            }
            case "wait": { // Four threads are inside of a method for so long, or wait for its object's lock, which another one has.
                Api own = new Api(4);
                int most = Integer.parseInt(w[2]);
                boolean locked = w[1].equals("locked");
                java.util.concurrent.CountDownLatch has = new java.util.concurrent.CountDownLatch(1);
                Thread first = new Thread(() -> { synchronized (own) { has.countDown(); own.rest(locked ? most : 0); } });
                first.start();
                has.await();
                for (int i = 0; i < 4; i++) {
                    Thread t = new Thread(() -> {
                        Object said;
                        try { said = locked ? own.locked("got ") : own.pause(most); } catch (Throwable e) { said = e; }
                        synchronized (CROWD) { SAID.add(String.valueOf(said)); }
                    });
                    CROWD.add(t);
                    t.start();
                }
                Thread.sleep(300);
                break;
            }
            case "waited":
                for (Thread t : CROWD) t.join();
                CROWD.clear();
                System.out.println(SAID);
                break;
            case "block": {
                Thread t = new Thread(() -> System.out.println(new Api(2).pause(Integer.parseInt(w[1]))));
                t.start();
                Thread.sleep(50);
                break;
            }
            case "spin":
                for (int i = 0; i < Integer.parseInt(w[1]); i++) {
                    Thread t = new Thread(() -> { TelephonyManager own = new TelephonyManager(); while (true) own.getDeviceId(1); });
                    t.setDaemon(true);
                    t.start();
                }
                break;
            case "handed": {
                if (w[1].equals("connect")) {
                    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1")); Socket s = new Socket()) {
                        Tracker.read("pool", new ConnectTask(s, server.getLocalSocketAddress()));
                    }
                    break;
                }
                System.out.println(Tracker.read(w[1], new ReadTask(new TelephonyManager())));
                System.out.println(Tracker.read(w[1], () -> new TelephonyManager().getMac()));
                break;
            }
            case "deep": {
                ReadTask task = new ReadTask(new TelephonyManager());
                int depth = Integer.parseInt(w[2]);
                if (w[1].equals("sdk")) System.out.println(Tracker.deep(task, depth));
                else if (w[1].equals("app")) System.out.println(task.deep(depth));
                else System.out.println(Tracker.read(w[1], () -> task.deep(depth)));
                break;
            }
            case "shared": {
                Callable<String> task = new ReadTask(new TelephonyManager());
                if (w[1].equals("start")) {
                    System.out.println(Tracker.POOL.submit(task).get());
                    gate = new java.util.concurrent.CountDownLatch(1);
                    Tracker.POOL.execute(() -> { try { gate.await(); } catch (InterruptedException e) { } });
                    waiting = Tracker.POOL.submit(task);
                } else if (w[1].equals("unseen")) {
                    gate.countDown();
                    System.out.println(waiting.get());
                } else {
                    System.out.println(Tracker.POOL.submit(task).get());
                }
                break;
            }
            case "tasks": {
                int n = Integer.parseInt(w[1]);
                long start = System.nanoTime();
                for (int i = 0; i < n; i++) Tracker.POOL.submit(() -> { }).get();
                System.out.println((System.nanoTime() - start) / n);
                break;
            }
            case "endless": {
                Runnable forever = () -> { while (true) try { Thread.sleep(1000); } catch (InterruptedException e) { } };
                Thread own = new Thread(forever);
                own.setDaemon(true);
                own.start();
                Tracker.POOL.execute(forever);
                break;
            }
            case "hot": System.out.println("wrong " + Hot.calls(new TelephonyManager(), Integer.parseInt(w[1]))); break;
            case "stay": {
                Thread t = new Thread(() -> Hot.calls(new TelephonyManager(), Integer.MAX_VALUE), "stay");
                t.setDaemon(true);
                t.start();
                break;
            }
            case "large": System.out.println("wrong " + Hot.large(new Api(1), Integer.parseInt(w[1]))); break;
            case "exit_in": new Api(1).leave(Integer.parseInt(w[1])); break;
            case "exit": System.exit(Integer.parseInt(w[1])); break;
            case "kinds": for (int i = 0; i < Integer.parseInt(w[1]); i++) Kinds.round(); break;
            case "watched": Kinds.watched(); break;
            case "cost": System.out.println(Kinds.cost(w[1], Integer.parseInt(w[2]))); break;
            case "bench": System.out.println(deep(Integer.parseInt(w[1]), Integer.parseInt(w[2]))); break;
            case "sleep": Thread.sleep(Long.parseLong(w[1])); break;
            default: System.out.println("? " + w[0]);
        }
    }
}
