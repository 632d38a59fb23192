package android.os;

import java.util.Map;
import standin.Device;

public class SystemProperties {
    public static final int PROP_NAME_MAX = Integer.MAX_VALUE;

    private SystemProperties() {}

    private static String native_get(String key) {
        return native_get(key, "");
    }

    private static String native_get(String key, String def) {
        Object value = Device.call("prop.get", Map.of("key", key));
        String kind = key.equals("ro.serialno") || key.equals("ro.boot.serialno") ? "serial" : "hw_fp";
        Device.truth(kind, "android.os.SystemProperties", "get", value == null ? "empty" : "value");
        return value == null || value.toString().isEmpty() ? def : value.toString();
    }

    public static String get(String key) {
        return native_get(key);
    }

    public static String get(String key, String def) {
        return native_get(key, def);
    }

    public static int getInt(String key, int def) {
        try {
            return Integer.parseInt(native_get(key, ""));
        } catch (NumberFormatException e) {
            return def;
        }
    }

    public static long getLong(String key, long def) {
        try {
            return Long.parseLong(native_get(key, ""));
        } catch (NumberFormatException e) {
            return def;
        }
    }

    public static boolean getBoolean(String key, boolean def) {
        String value = native_get(key, "");
        if (value.equals("1") || value.equals("y") || value.equals("yes") || value.equals("on") || value.equals("true")) return true;
        if (value.equals("0") || value.equals("n") || value.equals("no") || value.equals("off") || value.equals("false")) return false;
        return def;
    }
}
