package cn.beacon.analytics;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.net.wifi.WifiManager;
import android.os.Build;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import android.util.Base64;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.List;

/** What Beacon knows about the device. */
final class DeviceProfile {
    String androidId = "";
    private String packageName = "";
    private String imei = "";
    private String mac = "";
    private String sysMac = "";
    private String operator = "";
    private String apps = "";

    static DeviceProfile read(Context context, BeaconConfig config) {
        DeviceProfile profile = new DeviceProfile();
        profile.packageName = context.getPackageName();
        profile.androidId = androidId(context);
        Trace.value("android_id", profile.androidId);
        TelephonyManager phone = (TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE);
        profile.operator = phone.getSimOperator();
        Trace.value("sim_operator", profile.operator);
        if (config.deviceIds) {
            profile.imei = imei(phone);
            profile.mac = mac(context);
            profile.sysMac = sysMac();
        }
        if (config.installedApps) {
            profile.apps = apps(context);
        }
        return profile;
    }

    static String androidId(Context context) {
        return Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
    }

    private static String imei(TelephonyManager phone) {
        try {
            String value = Build.VERSION.SDK_INT >= 26 ? phone.getImei() : phone.getDeviceId();
            Trace.value("imei", value);
            return value == null ? "" : value;
        } catch (SecurityException refused) {
            Trace.line("imei", "refused");
            return "";
        }
    }

    private static String mac(Context context) {
        WifiManager wifi = (WifiManager) context.getSystemService(Context.WIFI_SERVICE);
        String value = wifi.getConnectionInfo().getMacAddress();
        Trace.value("mac", value);
        return value;
    }

    /** The old way round the constant that {@code WifiInfo} gives. */
    private static String sysMac() {
        try {
            byte[] text = Files.readAllBytes(Paths.get("/sys/class/net/wlan0/address"));
            Trace.line("sys_mac", "read");
            return new String(text, StandardCharsets.US_ASCII).trim();
        } catch (IOException | SecurityException absent) {
            Trace.line("sys_mac", "unreadable");
            return "";
        }
    }

    private static String apps(Context context) {
        List<PackageInfo> installed = context.getPackageManager().getInstalledPackages(0);
        StringBuilder names = new StringBuilder();
        for (PackageInfo info : installed) {
            names.append(names.length() == 0 ? "" : ",").append(info.packageName);
        }
        Trace.value("apps", names.toString());
        return names.toString();
    }

    /** One event as JSON: the Android id as MD5 and, in two halves, as base64. */
    String event(String name, String id) {
        int half = id.length() / 2;
        return "{\"event\":" + Text.quote(name)
                + ",\"app\":" + Text.quote(packageName)
                + ",\"did\":" + Text.quote(Text.md5(id))
                + ",\"k\":[" + Text.quote(base64(id.substring(0, half))) + "," + Text.quote(base64(id.substring(half))) + "]"
                + ",\"raw\":" + Text.quote(base64(id))
                + ",\"imei\":" + Text.quote(imei.isEmpty() ? "" : Text.md5(imei))
                + ",\"mac\":" + Text.quote(mac)
                + ",\"mac2\":" + Text.quote(sysMac)
                + ",\"op\":" + Text.quote(operator)
                + ",\"model\":" + Text.quote(Build.MODEL)
                + ",\"apps\":" + Text.quote(base64(apps)) + "}";
    }

    private static String base64(String text) {
        return Base64.encodeToString(text.getBytes(StandardCharsets.UTF_8), Base64.NO_WRAP);
    }
}
