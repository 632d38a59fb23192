package standin;

import android.os.Looper;
import android.util.Log;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Connects an app process to the device, as the first thing that it does. */
public final class Launcher {
    private static final CountDownLatch RELEASED = new CountDownLatch(1);
    private static volatile boolean held;
    private static volatile long started;

    private Launcher() {}

    public static long startedAt() { return started; }
    public static boolean isHeld() { return held && RELEASED.getCount() > 0; }

    public static void waitForRelease() {
        try {
            RELEASED.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the device says of the app; its components are in there. Returns when the app may run. What {@code main} makes, once there is a main looper, gets the device's messages, on another thread. */
    public static Map<String, Object> prepare(Supplier<BiConsumer<String, Map<String, Object>>> main) throws Exception {
        return prepare(main, hello -> {});
    }

    /** {@code told}: what is done with the device's answer before the process waits to be released. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> prepare(Supplier<BiConsumer<String, Map<String, Object>>> main, Consumer<Map<String, Object>> told) throws Exception {
        started = System.nanoTime() / 1_000_000;
        String process = System.getProperty("standin.process");
        Thread.currentThread().setName("main");
        Looper.prepareMainLooper();
        BiConsumer<String, Map<String, Object>> post = main.get();
        Device.connect(Integer.getInteger("standin.port"), (what, a) -> event(post, what, a));
        Map<String, Object> hi = new LinkedHashMap<>();
        hi.put("token", System.getProperty("standin.token"));
        hi.put("pid", ProcessHandle.current().pid());
        hi.put("process", process);
        hi.put("package", System.getProperty("standin.package"));
        Map<String, Object> hello = (Map<String, Object>) Device.call("hello", hi);
        Device.setHello(hello);
        told.accept(hello);
        System.setOut(new PrintStream(new LogStream("System.out", Log.INFO), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new LogStream("System.err", Log.WARN), true, StandardCharsets.UTF_8));
        Thread.setDefaultUncaughtExceptionHandler(Launcher::crash);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Device.note("exit", "how", "System.exit")));
        Ciphers.install();
        Net.gateway(hello.get("gateway"));
        Net.proxy(hello.get("proxy"));
        Net.trust(String.valueOf(hello.get("cacerts_dir")));
        if (Boolean.TRUE.equals(hello.get("held"))) hold(process);
        return hello;
    }

    private static void hold(String process) {
        held = true;
        Log.w("ActivityThread", "Application " + process + " is waiting for the debugger on port 8100...");
        Log.i("System.out", "Sending WAIT chunk");
        Device.event("process.held", Map.of());
        waitForRelease();
        Log.i("System.out", "Debugger has connected");
        Log.i("System.out", "waiting for debugger to settle...");
        Log.i("System.out", "debugger has settled (1)");
    }

    private static void event(BiConsumer<String, Map<String, Object>> post, String what, Map<String, Object> a) {
        switch (what) {
            case "release":
                RELEASED.countDown();
                break;
            case "stop":
                Runtime.getRuntime().halt(0);
                break;
            case "settings.changed":
                if ("http_proxy".equals(a.get("key"))) Net.proxy(a.get("proxy"));
                post.accept(what, a);
                break;
            default:
                post.accept(what, a);
        }
    }

    /** What the app needs and this runtime lacks: not the app's fault, so it is said apart. */
    private static void missing(Throwable error) {
        for (Throwable e = error; e != null && e != e.getCause(); e = e.getCause()) {
            if (e instanceof LinkageError && !(e instanceof ExceptionInInitializerError)) {
                Log.e("standin", "this runtime lacks what the app needs: " + e);
                return;
            }
        }
    }

    public static void crash(Thread thread, Throwable error) {
        missing(error);
        Log.e("AndroidRuntime", "FATAL EXCEPTION: " + thread.getName() + "\nProcess: " + System.getProperty("standin.process")
                + ", PID: " + ProcessHandle.current().pid() + "\n" + Log.getStackTraceString(error));
        Map<String, Object> a = new LinkedHashMap<>();
        a.put("exception", error.getClass().getName());
        a.put("message", String.valueOf(error.getMessage()));
        StackTraceElement top = error.getStackTrace().length > 0 ? error.getStackTrace()[0] : null;
        a.put("file", top == null ? "unknown" : String.valueOf(top.getFileName()));
        a.put("line", top == null ? 0 : top.getLineNumber());
        Device.call("process.crash", a);
        Runtime.getRuntime().halt(10);
    }

    /** Lines of a standard stream to the log. */
    private static final class LogStream extends OutputStream {
        private static final int LIMIT = 4000;
        private final String tag;
        private final int level;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        LogStream(String tag, int level) {
            this.tag = tag;
            this.level = level;
        }

        @Override
        public synchronized void write(int b) {
            if (b == '\n' || line.size() >= LIMIT) {
                Log.println(level, tag, line.toString(StandardCharsets.UTF_8));
                line.reset();
            }
            if (b != '\n' && b != '\r') line.write(b);
        }
    }
}
