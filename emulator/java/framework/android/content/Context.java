package android.content;

import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import android.content.res.AssetManager;
import android.content.res.Resources;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.os.UserHandle;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.util.concurrent.Executor;

public abstract class Context {
    public static final int MODE_PRIVATE = 0;
    public static final int MODE_WORLD_READABLE = 1;
    public static final int MODE_APPEND = 0x8000;
    public static final int MODE_MULTI_PROCESS = 4;
    public static final int BIND_AUTO_CREATE = 1;
    public static final int CONTEXT_INCLUDE_CODE = 1;
    public static final int CONTEXT_IGNORE_SECURITY = 2;
    public static final int RECEIVER_EXPORTED = 2;
    public static final int RECEIVER_NOT_EXPORTED = 4;
    public static final String ACTIVITY_SERVICE = "activity";
    public static final String WINDOW_SERVICE = "window";
    public static final String LAYOUT_INFLATER_SERVICE = "layout_inflater";
    public static final String ALARM_SERVICE = "alarm";
    public static final String POWER_SERVICE = "power";
    public static final String VIBRATOR_SERVICE = "vibrator";
    public static final String NOTIFICATION_SERVICE = "notification";
    public static final String JOB_SCHEDULER_SERVICE = "jobscheduler";
    public static final String KEYGUARD_SERVICE = "keyguard";
    public static final String INPUT_METHOD_SERVICE = "input_method";
    public static final String LOCATION_SERVICE = "location";
    public static final String SENSOR_SERVICE = "sensor";
    public static final String TELEPHONY_SERVICE = "phone";
    public static final String TELEPHONY_SUBSCRIPTION_SERVICE = "telephony_subscription_service";
    public static final String CONNECTIVITY_SERVICE = "connectivity";
    public static final String WIFI_SERVICE = "wifi";
    public static final String CLIPBOARD_SERVICE = "clipboard";
    public static final String ACCOUNT_SERVICE = "account";
    public static final String AUDIO_SERVICE = "audio";
    public static final String CAMERA_SERVICE = "camera";
    public static final String BLUETOOTH_SERVICE = "bluetooth";
    public static final String MEDIA_ROUTER_SERVICE = "media_router";
    public static final String MEDIA_PROJECTION_SERVICE = "media_projection";
    public static final String USAGE_STATS_SERVICE = "usagestats";
    public static final String APP_OPS_SERVICE = "appops";
    public static final String ACCESSIBILITY_SERVICE = "accessibility";
    public static final String DEVICE_POLICY_SERVICE = "device_policy";
    public static final String DISPLAY_SERVICE = "display";
    public static final String STORAGE_SERVICE = "storage";
    public static final String USER_SERVICE = "user";
    public static final String DOWNLOAD_SERVICE = "download";
    public static final String NFC_SERVICE = "nfc";
    public static final String BATTERY_SERVICE = "batterymanager";

    public abstract Context getApplicationContext();
    public abstract Context getBaseContextOrNull();
    public abstract AssetManager getAssets();
    public abstract Resources getResources();
    public abstract PackageManager getPackageManager();
    public abstract ContentResolver getContentResolver();
    public abstract Looper getMainLooper();
    public abstract ClassLoader getClassLoader();
    public abstract String getPackageName();
    public abstract ApplicationInfo getApplicationInfo();
    public abstract String getPackageResourcePath();
    public abstract String getPackageCodePath();
    public abstract SharedPreferences getSharedPreferences(String name, int mode);
    public abstract boolean deleteSharedPreferences(String name);
    public abstract FileInputStream openFileInput(String name) throws FileNotFoundException;
    public abstract FileOutputStream openFileOutput(String name, int mode) throws FileNotFoundException;
    public abstract boolean deleteFile(String name);
    public abstract File getFileStreamPath(String name);
    public abstract File getDataDir();
    public abstract File getFilesDir();
    public abstract File getNoBackupFilesDir();
    public abstract File getCacheDir();
    public abstract File getCodeCacheDir();
    public abstract File getExternalFilesDir(String type);
    public abstract File getExternalCacheDir();
    public abstract String[] fileList();
    public abstract File getDir(String name, int mode);
    public abstract File getDatabasePath(String name);

    public android.database.sqlite.SQLiteDatabase openOrCreateDatabase(String name, int mode, android.database.sqlite.SQLiteDatabase.CursorFactory factory) {
        return android.database.sqlite.SQLiteDatabase.openOrCreateDatabase(getDatabasePath(name), factory);
    }

    public android.database.sqlite.SQLiteDatabase openOrCreateDatabase(String name, int mode, android.database.sqlite.SQLiteDatabase.CursorFactory factory, android.database.DatabaseErrorHandler handler) {
        return openOrCreateDatabase(name, mode, factory);
    }
    public abstract String[] databaseList();
    public abstract boolean deleteDatabase(String name);
    public abstract void startActivity(Intent intent);
    public abstract void startActivity(Intent intent, Bundle options);
    public abstract void startActivities(Intent[] intents);
    public abstract void sendBroadcast(Intent intent);
    public abstract void sendBroadcast(Intent intent, String receiverPermission);
    public abstract void sendBroadcastAsUser(Intent intent, UserHandle user);
    public abstract void sendOrderedBroadcast(Intent intent, String receiverPermission);
    public abstract void sendStickyBroadcast(Intent intent);
    public abstract Intent registerReceiver(BroadcastReceiver receiver, IntentFilter filter);
    public abstract Intent registerReceiver(BroadcastReceiver receiver, IntentFilter filter, int flags);
    public abstract Intent registerReceiver(BroadcastReceiver receiver, IntentFilter filter, String permission, Handler scheduler);
    public abstract Intent registerReceiver(BroadcastReceiver receiver, IntentFilter filter, String permission, Handler scheduler, int flags);
    public abstract void unregisterReceiver(BroadcastReceiver receiver);
    public abstract ComponentName startService(Intent service);
    public abstract ComponentName startForegroundService(Intent service);
    public abstract boolean stopService(Intent service);
    public abstract boolean bindService(Intent service, ServiceConnection conn, int flags);
    public abstract boolean bindService(Intent service, int flags, Executor executor, ServiceConnection conn);
    public abstract void unbindService(ServiceConnection conn);
    public abstract Object getSystemService(String name);
    public abstract String getSystemServiceName(Class<?> serviceClass);
    public abstract int checkPermission(String permission, int pid, int uid);
    public abstract int checkCallingPermission(String permission);
    public abstract int checkCallingOrSelfPermission(String permission);
    public abstract int checkSelfPermission(String permission);
    public abstract void enforcePermission(String permission, int pid, int uid, String message);
    public abstract void enforceCallingOrSelfPermission(String permission, String message);
    public abstract void grantUriPermission(String toPackage, android.net.Uri uri, int modeFlags);
    public abstract void revokeUriPermission(android.net.Uri uri, int modeFlags);
    public abstract Context createPackageContext(String packageName, int flags) throws PackageManager.NameNotFoundException;
    public abstract Context createDeviceProtectedStorageContext();
    public abstract boolean isRestricted();
    public abstract android.view.Display getDisplayNoVerify();

    public Executor getMainExecutor() {
        Handler handler = new Handler(getMainLooper());
        return handler::post;
    }

    public android.view.Display getDisplay() { return getDisplayNoVerify(); }
    public String getAttributionTag() { return null; }
    public String getOpPackageName() { return getPackageName(); }
    public AttributionSource getAttributionSource() { return new AttributionSource(android.os.Process.myUid(), getOpPackageName(), getAttributionTag()); }
    public UserHandle getUser() { return android.os.Process.myUserHandle(); }
    public int getUserId() { return 0; }
    public Context createAttributionContext(String tag) { return this; }

    public final String getString(int resId) { return getResources().getString(resId); }
    public final String getString(int resId, Object... formatArgs) { return getResources().getString(resId, formatArgs); }
    public final CharSequence getText(int resId) { return getResources().getText(resId); }
    public final int getColor(int id) { return getResources().getColor(id); }
    public final android.content.res.ColorStateList getColorStateList(int id) { return getResources().getColorStateList(id); }
    public final android.graphics.drawable.Drawable getDrawable(int id) { return getResources().getDrawable(id); }
    public android.content.res.Resources.Theme getTheme() { return getResources().newTheme(); }
    public void setTheme(int resid) {}
    public File[] getExternalFilesDirs(String type) { return new File[] {getExternalFilesDir(type)}; }
    public File[] getExternalCacheDirs() { return new File[] {getExternalCacheDir()}; }
    public void registerComponentCallbacks(ComponentCallbacks callback) { getApplicationContext().registerComponentCallbacks(callback); }
    public void unregisterComponentCallbacks(ComponentCallbacks callback) { getApplicationContext().unregisterComponentCallbacks(callback); }

    @SuppressWarnings("unchecked")
    public final <T> T getSystemService(Class<T> serviceClass) {
        String name = getSystemServiceName(serviceClass);
        return name == null ? null : (T) getSystemService(name);
    }
    public final android.content.res.TypedArray obtainStyledAttributes(int[] attrs) { return getTheme().obtainStyledAttributes(attrs); }
    public final android.content.res.TypedArray obtainStyledAttributes(int style, int[] attrs) { return getTheme().obtainStyledAttributes(attrs); }
    public final android.content.res.TypedArray obtainStyledAttributes(android.util.AttributeSet set, int[] attrs) { return getTheme().obtainStyledAttributes(attrs); }
    public final android.content.res.TypedArray obtainStyledAttributes(android.util.AttributeSet set, int[] attrs, int defStyleAttr, int defStyleRes) { return getTheme().obtainStyledAttributes(attrs); }
    public Context createConfigurationContext(android.content.res.Configuration overrideConfiguration) { return this; }
    public Context createDisplayContext(android.view.Display display) { return this; }
    public Context createWindowContext(int type, android.os.Bundle options) { return this; }
    public boolean isUiContext() { return false; }
    public java.io.File getObbDir() { return getExternalFilesDir("obb"); }
    public java.io.File[] getObbDirs() { return new java.io.File[] {getObbDir()}; }
    @Deprecated
    public java.io.File[] getExternalMediaDirs() { return new java.io.File[] {getExternalFilesDir("media")}; }
    public void revokeUriPermission(String toPackage, android.net.Uri uri, int modeFlags) {}
    public int checkCallingOrSelfUriPermission(android.net.Uri uri, int modeFlags) { return -1; }
    public void enforceCallingPermission(String permission, String message) { if (checkCallingPermission(permission) != 0) throw new SecurityException(message); }
    public void startIntentSender(IntentSender intent, Intent fillIn, int mask, int values, int extra) throws IntentSender.SendIntentException { intent.sendIntent(this, 0, fillIn, null, null); }
    public void startIntentSender(IntentSender intent, Intent fillIn, int mask, int values, int extra, android.os.Bundle options) throws IntentSender.SendIntentException { intent.sendIntent(this, 0, fillIn, null, null); }
    public boolean isDeviceProtectedStorage() { return false; }
    public boolean moveSharedPreferencesFrom(Context source, String name) { return true; }
    public boolean moveDatabaseFrom(Context source, String name) { return true; }
}
