package android.os;

import java.util.Map;
import standin.Device;

public class Build {
    public static final String UNKNOWN = "unknown";
    public static final String ID = prop("ro.build.id");
    public static final String DISPLAY = prop("ro.build.display.id");
    public static final String PRODUCT = prop("ro.product.name");
    public static final String DEVICE = prop("ro.product.device");
    public static final String BOARD = prop("ro.product.board");
    public static final String MANUFACTURER = prop("ro.product.manufacturer");
    public static final String BRAND = prop("ro.product.brand");
    public static final String MODEL = prop("ro.product.model");
    public static final String BOOTLOADER = prop("ro.bootloader");
    public static final String RADIO = UNKNOWN;
    public static final String HARDWARE = prop("ro.hardware");
    public static final String SERIAL = UNKNOWN;
    public static final String CPU_ABI = prop("ro.product.cpu.abi");
    public static final String CPU_ABI2 = "";
    public static final String[] SUPPORTED_ABIS = {CPU_ABI};
    public static final String[] SUPPORTED_64_BIT_ABIS = {CPU_ABI};
    public static final String[] SUPPORTED_32_BIT_ABIS = {};
    public static final String TYPE = prop("ro.build.type");
    public static final String TAGS = prop("ro.build.tags");
    public static final String FINGERPRINT = prop("ro.build.fingerprint");
    public static final long TIME = number("ro.build.date.utc") * 1000L;
    public static final String USER = prop("ro.build.user");
    public static final String HOST = prop("ro.build.host");

    /** Version of the platform. */
    public static class VERSION {
        public static final String INCREMENTAL = prop("ro.build.version.incremental");
        public static final String RELEASE = prop("ro.build.version.release");
        public static final String RELEASE_OR_CODENAME = RELEASE;
        public static final String BASE_OS = "";
        public static final String SECURITY_PATCH = prop("ro.build.version.security_patch");
        public static final String SDK = prop("ro.build.version.sdk");
        public static final int SDK_INT = Device.sdk();
        public static final int PREVIEW_SDK_INT = 0;
        public static final String CODENAME = "REL";
    }

    /** Names of the API levels. */
    public static class VERSION_CODES {
        public static final int LOLLIPOP = 21;
        public static final int LOLLIPOP_MR1 = 22;
        public static final int M = 23;
        public static final int N = 24;
        public static final int N_MR1 = 25;
        public static final int O = 26;
        public static final int O_MR1 = 27;
        public static final int P = 28;
        public static final int Q = 29;
        public static final int R = 30;
        public static final int S = 31;
        public static final int S_V2 = 32;
        public static final int TIRAMISU = 33;
        public static final int UPSIDE_DOWN_CAKE = 34;
        public static final int VANILLA_ICE_CREAM = 35;
    }

    private static String prop(String key) {
        Object props = Device.hello("props");
        Object value = props instanceof Map ? ((Map<?, ?>) props).get(key) : null;
        return value == null ? UNKNOWN : value.toString();
    }

    private static long number(String key) {
        try {
            return Long.parseLong(prop(key));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    public static String getRadioVersion() {
        return null;
    }

    /** As from level 29: only privileged apps; an app for an older level with READ_PHONE_STATE gets "unknown". */
    public static String getSerial() {
        boolean old = Device.targetSdk() < 29 || Device.sdk() < 29;
        if (!old || !Device.hasPermission("android.permission.READ_PHONE_STATE")) {
            Device.truth("serial", "android.os.Build", "getSerial", "denied");
            throw new SecurityException("getSerial: The uid " + Device.uid()
                    + " does not meet the requirements to access device identifiers.");
        }
        if (Device.sdk() >= 29) {
            Device.truth("serial", "android.os.Build", "getSerial", "constant");
            return UNKNOWN;
        }
        Device.truth("serial", "android.os.Build", "getSerial", "value");
        return prop("ro.serialno");
    }
}
