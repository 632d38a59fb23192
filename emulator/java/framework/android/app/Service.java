package android.app;

import android.content.ComponentCallbacks2;
import android.content.ComponentName;
import android.content.Context;
import android.content.ContextWrapper;
import android.content.Intent;
import android.content.res.Configuration;
import android.os.IBinder;
import standin.Device;

public abstract class Service extends ContextWrapper implements ComponentCallbacks2 {
    public static final int START_NOT_STICKY = 2;
    public static final int START_STICKY = 1;
    public static final int START_REDELIVER_INTENT = 3;
    public static final int STOP_FOREGROUND_REMOVE = 1;
    private ActivityThread mThread;
    private String mClassName;
    private Application mApplication;

    public Service() {
        super(null);
    }

    public final void attach(Context context, ActivityThread thread, String className, IBinder token, Application application, Object activityManager) {
        attachBaseContext(context);
        mThread = thread;
        mClassName = className;
        mApplication = application;
    }

    public final Application getApplication() { return mApplication; }
    public void onCreate() {}
    @Deprecated public void onStart(Intent intent, int startId) {}
    public int onStartCommand(Intent intent, int flags, int startId) {
        onStart(intent, startId);
        return START_STICKY;
    }
    public void onDestroy() {}
    public abstract IBinder onBind(Intent intent);
    public boolean onUnbind(Intent intent) { return false; }
    public void onTaskRemoved(Intent rootIntent) {}
    @Override public void onConfigurationChanged(Configuration newConfig) {}
    @Override public void onLowMemory() {}
    @Override public void onTrimMemory(int level) {}
    public final void stopSelf() { mThread.getHandler().post(() -> mThread.stopService(mClassName)); }
    public final void stopSelf(int startId) { stopSelf(); }
    public final boolean stopSelfResult(int startId) { stopSelf(); return true; }
    public final void startForeground(int id, Notification notification) {
        Device.note("foreground_service", "cls", mClassName, "id", id);
        Device.event("service.foreground", java.util.Map.of("component", getPackageName() + "/" + mClassName, "id", id));
    }
    public final void startForeground(int id, Notification notification, int type) { startForeground(id, notification); }
    public final void stopForeground(boolean removeNotification) { stopForeground(removeNotification ? 1 : 2); }
    public final void stopForeground(int behaviour) {
        Device.event("service.background", java.util.Map.of("component", getPackageName() + "/" + mClassName));
    }
    protected ComponentName standinName() { return new ComponentName(getPackageName(), mClassName); }
    public void onRebind(Intent intent) {}
    public final int getForegroundServiceType() { return 0; }
    protected void dump(java.io.FileDescriptor fd, java.io.PrintWriter writer, String[] args) {}
}
