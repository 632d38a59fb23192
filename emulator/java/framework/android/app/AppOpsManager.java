package android.app;

import android.content.Context;
import java.util.Map;
import standin.Device;

public class AppOpsManager {
    public static final int MODE_ALLOWED = 0;
    public static final int MODE_IGNORED = 1;
    public static final int MODE_ERRORED = 2;
    public static final int MODE_DEFAULT = 3;
    public static final int MODE_FOREGROUND = 4;
    public static final String OPSTR_GET_USAGE_STATS = "android:get_usage_stats";
    public static final String OPSTR_FINE_LOCATION = "android:fine_location";
    public static final String OPSTR_COARSE_LOCATION = "android:coarse_location";
    public static final String OPSTR_CAMERA = "android:camera";
    public static final String OPSTR_RECORD_AUDIO = "android:record_audio";
    public static final String OPSTR_READ_CONTACTS = "android:read_contacts";
    public static final String OPSTR_SYSTEM_ALERT_WINDOW = "android:system_alert_window";

    AppOpsManager(Context context) {}

    private static int mode(String op) {
        Object mode = Device.call("appops.mode", Map.of("op", op));
        return mode instanceof Number ? ((Number) mode).intValue() : MODE_DEFAULT;
    }

    public int checkOpNoThrow(String op, int uid, String packageName) { return mode(op); }
    public int unsafeCheckOpNoThrow(String op, int uid, String packageName) { return mode(op); }
    public int unsafeCheckOp(String op, int uid, String packageName) { return mode(op); }
    public int checkOp(String op, int uid, String packageName) {
        int m = mode(op);
        if (m == MODE_ERRORED) throw new SecurityException("Operation not allowed");
        return m;
    }
    public int noteOp(String op, int uid, String packageName) { return mode(op); }
    public int noteOpNoThrow(String op, int uid, String packageName) { return mode(op); }
}
