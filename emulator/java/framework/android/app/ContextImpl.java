package android.app;

import android.content.BroadcastReceiver;
import android.content.ComponentName;
import android.content.ContentResolver;
import android.content.Context;
import android.content.ContextWrapper;
import android.content.IContentProvider;
import android.content.Intent;
import android.content.IntentFilter;
import android.content.ServiceConnection;
import android.content.SharedPreferences;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import android.content.res.AssetManager;
import android.content.res.Resources;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.os.Process;
import android.os.UserHandle;
import android.util.AndroidRuntimeException;
import android.view.Display;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import standin.Device;
import standin.Intents;

/** The one implementation of Context; everything else wraps it. */
class ContextImpl extends Context {
    private static final Map<String, SharedPreferencesImpl> sSharedPrefs = new HashMap<>();
    final ActivityThread mMainThread;
    final LoadedApk mPackageInfo;
    private final ApplicationContentResolver mContentResolver;
    private final Map<String, Object> mServices = new HashMap<>();
    private final boolean mIsActivity;
    private Context mOuterContext = this;
    private PackageManager mPackageManager;

    private ContextImpl(ActivityThread thread, LoadedApk apk, boolean activity) {
        mMainThread = thread;
        mPackageInfo = apk;
        mIsActivity = activity;
        mContentResolver = new ApplicationContentResolver(this, thread);
    }

    static ContextImpl createAppContext(ActivityThread thread, LoadedApk apk) { return new ContextImpl(thread, apk, false); }
    static ContextImpl createReceiverContext(ActivityThread thread, LoadedApk apk) { return new ContextImpl(thread, apk, false); }
    static ContextImpl createActivityContext(ActivityThread thread, LoadedApk apk) { return new ContextImpl(thread, apk, true); }

    static ContextImpl getImpl(Context context) {
        while (context instanceof ContextWrapper) context = ((ContextWrapper) context).getBaseContext();
        return (ContextImpl) context;
    }

    static IContentProvider remoteProvider(String authority) { return ApplicationContentResolver.wire(authority); }

    final void setOuterContext(Context context) { mOuterContext = context; }
    final Context getOuterContext() { return mOuterContext; }

    private static final class ApplicationContentResolver extends ContentResolver {
        private final ActivityThread mMainThread;

        ApplicationContentResolver(Context context, ActivityThread mainThread) {
            super(context);
            mMainThread = mainThread;
        }

        static IContentProvider wire(String authority) { return remote(authority); }

        @Override protected IContentProvider acquireProvider(Context context, String auth) {
            return mMainThread.acquireProvider(context, auth, 0, true);
        }
        @Override protected IContentProvider acquireUnstableProvider(Context c, String auth) {
            return mMainThread.acquireProvider(c, auth, 0, false);
        }
        @Override public boolean releaseProvider(IContentProvider provider) { return true; }
        @Override public boolean releaseUnstableProvider(IContentProvider icp) { return true; }
    }

    @Override public Context getApplicationContext() { return mPackageInfo.getApplication() != null ? mPackageInfo.getApplication() : mMainThread.getApplication(); }
    @Override public Context getBaseContextOrNull() { return null; }
    @Override public AssetManager getAssets() { return getResources().getAssets(); }
    @Override public Resources getResources() { return mPackageInfo.getResources(); }
    @Override public PackageManager getPackageManager() {
        if (mPackageManager == null) mPackageManager = (PackageManager) SystemServiceRegistry.make("android.app.ApplicationPackageManager", this);
        return mPackageManager;
    }
    @Override public ContentResolver getContentResolver() { return mContentResolver; }
    @Override public Looper getMainLooper() { return Looper.getMainLooper(); }
    @Override public ClassLoader getClassLoader() { return mPackageInfo.getClassLoader(); }
    @Override public String getPackageName() { return mPackageInfo.mPackageName; }
    @Override public ApplicationInfo getApplicationInfo() { return mPackageInfo.getApplicationInfo(); }
    @Override public String getPackageResourcePath() { return getApplicationInfo().sourceDir; }
    @Override public String getPackageCodePath() { return getApplicationInfo().sourceDir; }
    @Override public Display getDisplayNoVerify() { return new Display(); }
    @Override public boolean isRestricted() { return false; }

    // files

    private File made(File dir) {
        dir.mkdirs();
        return dir;
    }
    private File child(File dir, String name) {
        if (name.indexOf('/') >= 0) throw new IllegalArgumentException("File " + name + " contains a path separator");
        return new File(dir, name);
    }
    @Override public File getDataDir() { return made(new File(getApplicationInfo().dataDir)); }
    @Override public File getFilesDir() { return made(new File(getDataDir(), "files")); }
    @Override public File getNoBackupFilesDir() { return made(new File(getDataDir(), "no_backup")); }
    @Override public File getCacheDir() { return made(new File(getDataDir(), "cache")); }
    @Override public File getCodeCacheDir() { return made(new File(getDataDir(), "code_cache")); }
    @Override public File getExternalFilesDir(String type) {
        File base = new File(android.os.Environment.getExternalStorageDirectory(), "Android/data/" + getPackageName() + "/files");
        return made(type == null ? base : new File(base, type));
    }
    @Override public File getExternalCacheDir() {
        return made(new File(android.os.Environment.getExternalStorageDirectory(), "Android/data/" + getPackageName() + "/cache"));
    }
    @Override public File getDir(String name, int mode) { return made(child(getDataDir(), "app_" + name)); }
    @Override public File getFileStreamPath(String name) { return child(getFilesDir(), name); }
    @Override public FileInputStream openFileInput(String name) throws FileNotFoundException { return new FileInputStream(child(getFilesDir(), name)); }
    @Override public FileOutputStream openFileOutput(String name, int mode) throws FileNotFoundException {
        return new FileOutputStream(child(getFilesDir(), name), (mode & MODE_APPEND) != 0);
    }
    @Override public boolean deleteFile(String name) { return child(getFilesDir(), name).delete(); }
    @Override public String[] fileList() { return names(getFilesDir()); }
    @Override public File getDatabasePath(String name) { return child(made(new File(getDataDir(), "databases")), name); }
    @Override public String[] databaseList() { return names(made(new File(getDataDir(), "databases"))); }
    @Override public boolean deleteDatabase(String name) { return getDatabasePath(name).delete(); }
    private static String[] names(File dir) {
        String[] out = dir.list();
        return out == null ? new String[0] : out;
    }
    private File prefsFile(String name) { return child(made(new File(getDataDir(), "shared_prefs")), name + ".xml"); }
    @Override public SharedPreferences getSharedPreferences(String name, int mode) {
        synchronized (sSharedPrefs) {
            return sSharedPrefs.computeIfAbsent(name == null ? "null" : name, n -> new SharedPreferencesImpl(prefsFile(n), mode));
        }
    }
    @Override public boolean deleteSharedPreferences(String name) {
        synchronized (sSharedPrefs) {
            sSharedPrefs.remove(name);
            prefsFile(name).delete();
            return true;
        }
    }

    // activities, services, broadcasts

    @Override public void startActivity(Intent intent) { startActivity(intent, null); }
    @Override public void startActivity(Intent intent, Bundle options) {
        if ((intent.getFlags() & Intent.FLAG_ACTIVITY_NEW_TASK) == 0 && !mIsActivity) {
            throw new AndroidRuntimeException("Calling startActivity() from outside of an Activity context requires the"
                    + " FLAG_ACTIVITY_NEW_TASK flag. Is this really what you want?");
        }
        mMainThread.getInstrumentation().execStartActivity(getOuterContext(), mMainThread.getApplicationThread(), null, (Activity) null, intent, -1, options);
    }
    @Override public void startActivities(Intent[] intents) { for (Intent i : intents) startActivity(i); }
    @Override public void sendBroadcast(Intent intent) { Device.call("broadcast.send", Intents.write(intent)); }
    @Override public void sendBroadcast(Intent intent, String receiverPermission) { sendBroadcast(intent); }
    @Override public void sendBroadcastAsUser(Intent intent, UserHandle user) { sendBroadcast(intent); }
    @Override public void sendOrderedBroadcast(Intent intent, String receiverPermission) { sendBroadcast(intent); }
    @Override public void sendStickyBroadcast(Intent intent) { sendBroadcast(intent); }
    @Override public Intent registerReceiver(BroadcastReceiver r, IntentFilter f) { return registerReceiver(r, f, null, null, 0); }
    @Override public Intent registerReceiver(BroadcastReceiver r, IntentFilter f, int flags) { return registerReceiver(r, f, null, null, flags); }
    @Override public Intent registerReceiver(BroadcastReceiver r, IntentFilter f, String permission, Handler h) { return registerReceiver(r, f, permission, h, 0); }
    @Override public Intent registerReceiver(BroadcastReceiver r, IntentFilter f, String permission, Handler h, int flags) {
        return registerReceiverInternal(r, getUserId(), f, permission, h, getOuterContext(), flags);
    }
    private Intent registerReceiverInternal(BroadcastReceiver r, int userId, IntentFilter f, String permission, Handler h, Context context, int flags) {
        if (r != null) LoadedApk.register(r, f, context, h);
        return f.hasAction(Intent.ACTION_BATTERY_CHANGED) ? Intents.battery() : null;
    }
    @Override public void unregisterReceiver(BroadcastReceiver r) { LoadedApk.unregister(r); }
    @Override public ComponentName startService(Intent service) { return startServiceCommon(service, false, getUser()); }
    @Override public ComponentName startForegroundService(Intent service) { return startServiceCommon(service, true, getUser()); }
    private ComponentName startServiceCommon(Intent service, boolean requireForeground, UserHandle user) {
        if (service.getComponent() == null && service.getPackage() == null && Device.targetSdk() >= 21) {
            throw new IllegalArgumentException("Service Intent must be explicit: " + service);
        }
        Map<String, Object> a = Intents.write(service);
        a.put("foreground", requireForeground);
        return Boolean.TRUE.equals(Device.call("service.start", a))
                ? service.getComponent() != null ? service.getComponent() : new ComponentName(service.getPackage(), "") : null;
    }
    @Override public boolean stopService(Intent service) { return Boolean.TRUE.equals(Device.call("service.stop", Intents.write(service))); }
    @Override public boolean bindService(Intent service, ServiceConnection conn, int flags) {
        return bindServiceCommon(service, conn, flags, null, null, null, getUser());
    }
    @Override public boolean bindService(Intent service, int flags, Executor executor, ServiceConnection conn) {
        return bindServiceCommon(service, conn, flags, null, null, executor, getUser());
    }
    private boolean bindServiceCommon(Intent service, ServiceConnection conn, int flags, String instanceName, Handler handler, Executor executor, UserHandle user) {
        if (conn == null) throw new IllegalArgumentException("connection is null");
        if (service.getComponent() == null && service.getPackage() == null) {
            throw new IllegalArgumentException("Service Intent must be explicit: " + service);
        }
        return standin.Binding.bind(service, conn, (name, intent) -> mMainThread.bindLocal(name, intent, conn), executor);
    }
    @Override public void unbindService(ServiceConnection conn) {}

    // services of the system

    @Override public Object getSystemService(String name) {
        synchronized (mServices) {
            if (!mServices.containsKey(name)) mServices.put(name, SystemServiceRegistry.getSystemService(this, name));
            return mServices.get(name);
        }
    }
    @Override public String getSystemServiceName(Class<?> serviceClass) { return SystemServiceRegistry.getSystemServiceName(serviceClass); }

    // permissions

    @Override public int checkPermission(String permission, int pid, int uid) {
        if (permission == null) throw new IllegalArgumentException("permission is null");
        return Device.hasPermission(permission) ? PackageManager.PERMISSION_GRANTED : PackageManager.PERMISSION_DENIED;
    }
    @Override public int checkSelfPermission(String permission) {
        if (permission == null) throw new IllegalArgumentException("permission is null");
        return checkPermission(permission, Process.myPid(), Process.myUid());
    }
    @Override public int checkCallingPermission(String permission) { return PackageManager.PERMISSION_DENIED; }
    @Override public int checkCallingOrSelfPermission(String permission) { return checkSelfPermission(permission); }
    @Override public void enforcePermission(String permission, int pid, int uid, String message) {
        if (checkPermission(permission, pid, uid) != PackageManager.PERMISSION_GRANTED) {
            throw new SecurityException((message != null ? message + ": " : "") + "Neither user " + uid + " nor current process has " + permission + ".");
        }
    }
    @Override public void enforceCallingOrSelfPermission(String permission, String message) { enforcePermission(permission, Process.myPid(), Process.myUid(), message); }
    @Override public void grantUriPermission(String toPackage, android.net.Uri uri, int modeFlags) {}
    @Override public void revokeUriPermission(android.net.Uri uri, int modeFlags) {}
    @Override public Context createPackageContext(String packageName, int flags) throws PackageManager.NameNotFoundException {
        if (!packageName.equals(getPackageName())) throw new PackageManager.NameNotFoundException(packageName);
        return this;
    }
    @Override public Context createDeviceProtectedStorageContext() { return this; }
}
