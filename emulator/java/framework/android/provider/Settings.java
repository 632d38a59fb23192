package android.provider;

import android.content.ContentResolver;
import android.net.Uri;
import java.util.LinkedHashMap;
import java.util.Map;
import standin.Device;
import standin.Read;

public final class Settings {
    public static final String AUTHORITY = "settings";
    public static final String ACTION_SETTINGS = "android.settings.SETTINGS";
    public static final String ACTION_APPLICATION_DETAILS_SETTINGS = "android.settings.APPLICATION_DETAILS_SETTINGS";
    public static final String ACTION_MANAGE_OVERLAY_PERMISSION = "android.settings.action.MANAGE_OVERLAY_PERMISSION";
    public static final String ACTION_USAGE_ACCESS_SETTINGS = "android.settings.USAGE_ACCESS_SETTINGS";
    public static final String ACTION_LOCATION_SOURCE_SETTINGS = "android.settings.LOCATION_SOURCE_SETTINGS";
    public static final String ACTION_ACCESSIBILITY_SETTINGS = "android.settings.ACCESSIBILITY_SETTINGS";

    private Settings() {}

    public static boolean canDrawOverlays(android.content.Context context) { return Device.hasPermission("android.permission.SYSTEM_ALERT_WINDOW"); }

    public static class SettingNotFoundException extends Exception {
        public SettingNotFoundException(String msg) {
            super(msg);
        }
    }

    public static class NameValueTable {
        public static final String NAME = "name";
        public static final String VALUE = "value";

        public static Uri getUriFor(Uri uri, String name) { return Uri.withAppendedPath(uri, name); }
    }

    /** Every getter of the three tables ends here. */
    private static class NameValueCache {
        private final String mNs;

        NameValueCache(String ns) {
            mNs = ns;
        }

        public String getStringForUser(ContentResolver cr, String name, final int userHandle) {
            if (name.equals("bluetooth_address") && Device.sdk() > 31 && Device.targetSdk() > 31) {
                throw Read.refuse("bt_mac", "android.provider.Settings$Secure", "getString", "Settings key: <" + name
                        + "> is only readable to apps with targetSdkVersion lower than or equal to: 31");
            }
            Object value = Device.call("settings.get", Map.of("ns", mNs, "key", name));
            Device.truth(name.equals("android_id") ? "android_id" : name.equals("bluetooth_address") ? "bt_mac" : "hw_fp",
                    "android.provider.Settings$" + Character.toUpperCase(mNs.charAt(0)) + mNs.substring(1), "getString",
                    value == null ? "null" : "value");
            return value == null ? null : value.toString();
        }

        public boolean putStringForUser(ContentResolver cr, String name, String value, String tag, boolean makeDefault, final int userHandle, boolean overrideable) {
            Map<String, Object> a = new LinkedHashMap<>();
            a.put("ns", mNs);
            a.put("key", name);
            a.put("value", value);
            Device.call("settings.put", a);
            return true;
        }
    }

    private static int parse(String v, String name) throws SettingNotFoundException {
        try {
            return Integer.parseInt(v);
        } catch (NumberFormatException e) {
            throw new SettingNotFoundException(name);
        }
    }

    public static final class Secure extends NameValueTable {
        public static final Uri CONTENT_URI = Uri.parse("content://settings/secure");
        public static final String ANDROID_ID = "android_id";
        public static final String BLUETOOTH_NAME = "bluetooth_name";
        public static final String LOCATION_MODE = "location_mode";
        public static final String ENABLED_ACCESSIBILITY_SERVICES = "enabled_accessibility_services";
        public static final String ACCESSIBILITY_ENABLED = "accessibility_enabled";
        public static final String DEFAULT_INPUT_METHOD = "default_input_method";
        private static final NameValueCache sNameValueCache = new NameValueCache("secure");

        public static String getString(ContentResolver resolver, String name) { return getStringForUser(resolver, name, 0); }
        public static String getStringForUser(ContentResolver resolver, String name, int userHandle) {
            return sNameValueCache.getStringForUser(resolver, name, userHandle);
        }
        public static boolean putString(ContentResolver resolver, String name, String value) {
            return sNameValueCache.putStringForUser(resolver, name, value, null, false, 0, false);
        }
        public static int getInt(ContentResolver cr, String name) throws SettingNotFoundException { return parse(getString(cr, name), name); }
        public static int getInt(ContentResolver cr, String name, int def) {
            try {
                return parse(getString(cr, name), name);
            } catch (SettingNotFoundException e) {
                return def;
            }
        }
        public static long getLong(ContentResolver cr, String name, long def) { return getInt(cr, name, (int) def); }
        public static boolean putInt(ContentResolver cr, String name, int value) { return putString(cr, name, Integer.toString(value)); }
        public static Uri getUriFor(String name) { return getUriFor(CONTENT_URI, name); }
    }

    public static final class Global extends NameValueTable {
        public static final Uri CONTENT_URI = Uri.parse("content://settings/global");
        public static final String DEVICE_NAME = "device_name";
        public static final String ADB_ENABLED = "adb_enabled";
        public static final String AIRPLANE_MODE_ON = "airplane_mode_on";
        public static final String AUTO_TIME = "auto_time";
        public static final String HTTP_PROXY = "http_proxy";
        public static final String WIFI_ON = "wifi_on";
        public static final String BLUETOOTH_ON = "bluetooth_on";
        public static final String DEVELOPMENT_SETTINGS_ENABLED = "development_settings_enabled";
        private static final NameValueCache sNameValueCache = new NameValueCache("global");

        public static String getString(ContentResolver resolver, String name) { return getStringForUser(resolver, name, 0); }
        public static String getStringForUser(ContentResolver resolver, String name, int userHandle) {
            return sNameValueCache.getStringForUser(resolver, name, userHandle);
        }
        public static boolean putString(ContentResolver resolver, String name, String value) {
            return sNameValueCache.putStringForUser(resolver, name, value, null, false, 0, false);
        }
        public static int getInt(ContentResolver cr, String name) throws SettingNotFoundException { return parse(getString(cr, name), name); }
        public static int getInt(ContentResolver cr, String name, int def) {
            try {
                return parse(getString(cr, name), name);
            } catch (SettingNotFoundException e) {
                return def;
            }
        }
        public static long getLong(ContentResolver cr, String name, long def) { return getInt(cr, name, (int) def); }
        public static boolean putInt(ContentResolver cr, String name, int value) { return putString(cr, name, Integer.toString(value)); }
        public static Uri getUriFor(String name) { return getUriFor(CONTENT_URI, name); }
    }

    public static final class System extends NameValueTable {
        public static boolean canWrite(android.content.Context context) { return Device.hasPermission("android.permission.WRITE_SETTINGS"); }
        public static final Uri CONTENT_URI = Uri.parse("content://settings/system");
        public static final String SCREEN_BRIGHTNESS = "screen_brightness";
        public static final String SCREEN_OFF_TIMEOUT = "screen_off_timeout";
        public static final String TIME_12_24 = "time_12_24";
        public static final String FONT_SCALE = "font_scale";
        private static final NameValueCache sNameValueCache = new NameValueCache("system");

        public static String getString(ContentResolver resolver, String name) { return getStringForUser(resolver, name, 0); }
        public static String getStringForUser(ContentResolver resolver, String name, int userHandle) {
            return sNameValueCache.getStringForUser(resolver, name, userHandle);
        }
        public static boolean putString(ContentResolver resolver, String name, String value) {
            return sNameValueCache.putStringForUser(resolver, name, value, null, false, 0, false);
        }
        public static int getInt(ContentResolver cr, String name) throws SettingNotFoundException { return parse(getString(cr, name), name); }
        public static int getInt(ContentResolver cr, String name, int def) {
            try {
                return parse(getString(cr, name), name);
            } catch (SettingNotFoundException e) {
                return def;
            }
        }
        public static long getLong(ContentResolver cr, String name, long def) { return getInt(cr, name, (int) def); }
        public static boolean putInt(ContentResolver cr, String name, int value) { return putString(cr, name, Integer.toString(value)); }
        public static Uri getUriFor(String name) { return getUriFor(CONTENT_URI, name); }
    }

}
