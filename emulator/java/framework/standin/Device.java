package standin;

import android.content.Context;
import android.os.Looper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** What the stand-in's android.* classes ask of the device. Not part of the app-visible API. */
public final class Device {
    private static volatile Wire wire;
    private static volatile Map<String, Object> hello = Map.of();
    private static volatile Context application;
    private static final String[] RUNTIME = {
        "java.", "javax.", "jdk.", "sun.", "com.sun.", "android.", "androidx.", "dalvik.", "standin.", "com.android.", "libcore.", "org.json."
    };

    private Device() {}

    static void connect(int port, BiConsumer<String, Map<String, Object>> onEvent) throws java.io.IOException {
        wire = new Wire(port, onEvent);
    }

    static void setHello(Map<String, Object> answer) {
        hello = answer;
    }

    public static void setApplication(Context value) {
        application = value;
    }

    /** One answer of {@code hello}: uid, target_sdk, data_dir, package … */
    public static Object hello(String key) {
        return hello.get(key);
    }

    public static Object call(String method, Map<String, ?> args) {
        return wire.call(method, args);
    }

    public static void event(String method, Map<String, ?> args) {
        Wire now = wire;
        if (now != null) now.event(method, args);
    }

    /** Value of the device state at a dotted path; null if absent. */
    public static Object get(String path) {
        return call("state.get", Map.of("path", path));
    }

    public static String getString(String path) {
        Object value = get(path);
        return value == null ? null : String.valueOf(value);
    }

    public static int getInt(String path, int otherwise) {
        Object value = get(path);
        return value instanceof Number ? ((Number) value).intValue() : otherwise;
    }

    public static boolean getBoolean(String path, boolean otherwise) {
        Object value = get(path);
        return value instanceof Boolean ? (Boolean) value : otherwise;
    }

    @SuppressWarnings("unchecked")
    public static List<Object> getList(String path) {
        Object value = get(path);
        return value instanceof List ? (List<Object>) value : List.of();
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> getMap(String path) {
        Object value = get(path);
        return value instanceof Map ? (Map<String, Object>) value : Map.of();
    }

    public static boolean hasPermission(String permission) {
        return Boolean.TRUE.equals(call("perm.check", Map.of("permission", permission)));
    }

    /** Passes if one of the permissions is held; else SecurityException in Android's words. */
    public static void requirePermission(String... anyOf) {
        for (String permission : anyOf) if (hasPermission(permission)) return;
        StringBuilder text = new StringBuilder();
        if (anyOf.length == 1) {
            text.append("Neither user ").append(uid()).append(" nor current process has ").append(anyOf[0]).append('.');
        } else {
            text.append("uid ").append(uid()).append(" does not have any of ").append(String.join(", ", anyOf)).append('.');
        }
        throw new SecurityException(text.toString());
    }

    /**
     * Writes to the device's truth log what was really read: outcome is value, null, empty, constant, denied or an
     * exception class. The caller is the nearest class that belongs neither to the runtime nor to the framework.
     */
    public static void truth(String dataType, String cls, String method, String outcome) {
        Map<String, Object> a = new LinkedHashMap<>();
        a.put("what", "api");
        a.put("data_type", dataType);
        a.put("cls", cls);
        a.put("method", method);
        a.put("outcome", outcome);
        a.put("caller", caller());
        a.put("thread", Thread.currentThread().getName());
        event("truth", a);
    }

    /** Truth of another kind ({@code what}), with pairs of key and value. */
    public static void note(String what, Object... pairs) {
        Map<String, Object> a = new LinkedHashMap<>();
        a.put("what", what);
        for (int i = 0; i + 1 < pairs.length; i += 2) a.put(String.valueOf(pairs[i]), pairs[i + 1]);
        a.put("thread", Thread.currentThread().getName());
        event("truth", a);
    }

    /** Name of the nearest class on the stack that is the app's or a library's; "" if there is none. */
    public static String caller() {
        return StackWalker.getInstance().walk(frames -> frames
                .map(StackWalker.StackFrame::getClassName)
                .filter(Device::foreign)
                .findFirst().orElse(""));
    }

    private static boolean foreign(String name) {
        for (String prefix : RUNTIME) if (name.startsWith(prefix)) return false;
        return true;
    }

    public static Context application() {
        return application;
    }

    public static String packageName() {
        return String.valueOf(hello.get("package"));
    }

    public static int uid() {
        return number("uid", 10000);
    }

    public static int sdk() {
        return number("sdk", 33);
    }

    public static int targetSdk() {
        return number("target_sdk", sdk());
    }

    private static int number(String key, int otherwise) {
        Object value = hello.get(key);
        return value instanceof Number ? ((Number) value).intValue() : otherwise;
    }

    public static Looper mainLooper() {
        return Looper.getMainLooper();
    }
}
