package android.app;

import android.content.Context;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which class answers to which service name. Classes are made on first use, with the context as argument. */
final class SystemServiceRegistry {
    private static final Map<String, String[]> SERVICES = new LinkedHashMap<>();

    private static void add(String name, String type, String implementation) {
        SERVICES.put(name, new String[] {type, implementation});
    }

    private static void add(String name, String type) {
        add(name, type, type);
    }

    static {
        add(Context.ACTIVITY_SERVICE, "android.app.ActivityManager");
        add(Context.WINDOW_SERVICE, "android.view.WindowManager", "android.view.WindowManagerImpl");
        add(Context.ALARM_SERVICE, "android.app.AlarmManager");
        add(Context.POWER_SERVICE, "android.os.PowerManager");
        add(Context.VIBRATOR_SERVICE, "android.os.Vibrator");
        add(Context.NOTIFICATION_SERVICE, "android.app.NotificationManager");
        add(Context.JOB_SCHEDULER_SERVICE, "android.app.job.JobScheduler", "android.app.JobSchedulerImpl");
        add(Context.KEYGUARD_SERVICE, "android.app.KeyguardManager");
        add(Context.APP_OPS_SERVICE, "android.app.AppOpsManager");
        add(Context.INPUT_METHOD_SERVICE, "android.view.inputmethod.InputMethodManager");
        add(Context.LOCATION_SERVICE, "android.location.LocationManager");
        add(Context.SENSOR_SERVICE, "android.hardware.SensorManager", "android.hardware.SystemSensorManager");
        add(Context.TELEPHONY_SERVICE, "android.telephony.TelephonyManager");
        add(Context.TELEPHONY_SUBSCRIPTION_SERVICE, "android.telephony.SubscriptionManager");
        add(Context.CONNECTIVITY_SERVICE, "android.net.ConnectivityManager");
        add(Context.WIFI_SERVICE, "android.net.wifi.WifiManager");
        add(Context.CLIPBOARD_SERVICE, "android.content.ClipboardManager");
        add(Context.ACCOUNT_SERVICE, "android.accounts.AccountManager");
        add(Context.AUDIO_SERVICE, "android.media.AudioManager");
        add(Context.CAMERA_SERVICE, "android.hardware.camera2.CameraManager");
        add(Context.BLUETOOTH_SERVICE, "android.bluetooth.BluetoothManager");
        add(Context.DISPLAY_SERVICE, "android.hardware.display.DisplayManager");
        add(Context.MEDIA_PROJECTION_SERVICE, "android.media.projection.MediaProjectionManager");
        add(Context.USAGE_STATS_SERVICE, "android.app.usage.UsageStatsManager");
        add(Context.BATTERY_SERVICE, "android.os.BatteryManager");
        add(Context.ACCESSIBILITY_SERVICE, "android.view.accessibility.AccessibilityManager");
        add(Context.USER_SERVICE, "android.os.UserManager");
        add(Context.DOWNLOAD_SERVICE, "android.app.DownloadManager");
        add(Context.WALLPAPER_SERVICE, "android.app.WallpaperManager");
        add(Context.UI_MODE_SERVICE, "android.app.UiModeManager");
        add(Context.SEARCH_SERVICE, "android.app.SearchManager");
        add(Context.SHORTCUT_SERVICE, "android.content.pm.ShortcutManager");
        add(Context.LAUNCHER_APPS_SERVICE, "android.content.pm.LauncherApps");
        add(Context.STORAGE_SERVICE, "android.os.storage.StorageManager");
        add(Context.VIBRATOR_MANAGER_SERVICE, "android.os.VibratorManager");
        add(Context.TELECOM_SERVICE, "android.telecom.TelecomManager");
        add(Context.DEVICE_POLICY_SERVICE, "android.app.admin.DevicePolicyManager");
        add(Context.APPWIDGET_SERVICE, "android.appwidget.AppWidgetManager");
        add(Context.BIOMETRIC_SERVICE, "android.hardware.biometrics.BiometricManager");
        add(Context.COMPANION_DEVICE_SERVICE, "android.companion.CompanionDeviceManager");
        add(Context.CREDENTIAL_SERVICE, "android.credentials.CredentialManager");
        add(Context.STORAGE_STATS_SERVICE, "android.app.usage.StorageStatsManager");
        add(Context.NETWORK_STATS_SERVICE, "android.app.usage.NetworkStatsManager");
    }

    private SystemServiceRegistry() {}

    static Object getSystemService(ContextImpl context, String name) {
        String[] row = SERVICES.get(name);
        return row == null ? null : make(row[1], context);
    }

    static String getSystemServiceName(Class<?> serviceClass) {
        for (Map.Entry<String, String[]> e : SERVICES.entrySet()) if (e.getValue()[0].equals(serviceClass.getName())) return e.getKey();
        return null;
    }

    /** An object of the class by its (Context) or () constructor; null if this device has no such class. */
    static Object make(String className, Context context) {
        try {
            Class<?> c = Class.forName(className);
            for (Constructor<?> one : c.getDeclaredConstructors()) {
                Class<?>[] p = one.getParameterTypes();
                if (p.length > 1 || p.length == 1 && !p[0].isInstance(context)) continue;
                one.setAccessible(true);
                return p.length == 1 ? one.newInstance(context) : one.newInstance();
            }
            throw new IllegalStateException(className + " has no usable constructor");
        } catch (ClassNotFoundException e) {
            return null;
        } catch (InvocationTargetException e) {
            throw standin.Errors.unchecked(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
