package android.app;

import android.content.Context;
import android.content.pm.ApplicationInfo;
import android.content.res.CompatibilityInfo;
import android.content.res.Configuration;
import android.content.res.Resources;
import android.database.CursorWindow;
import android.os.TelephonyServiceManager;
import android.telephony.TelephonyFrameworkInitializer;

/** What ActivityThread.handleBindApplication leaves behind, without its resources: a thread, a package, an application. */
public final class AospProcess {
    private AospProcess() {}

    public static Context start(ApplicationInfo info, ClassLoader loader) throws ReflectiveOperationException {
        field(CursorWindow.class, "sCursorWindowSize").setInt(null, 2 << 20);  // a resource, of which there are none
        TelephonyFrameworkInitializer.setTelephonyServiceManager(new TelephonyServiceManager());
        ActivityThread thread = new ActivityThread();
        field(ActivityThread.class, "sCurrentActivityThread").set(null, thread);
        CompatibilityInfo compatible = CompatibilityInfo.DEFAULT_COMPATIBILITY_INFO;
        LoadedApk apk = new LoadedApk(thread, info, compatible, loader, false, true, false);
        apk.mResources = new Resources(loader);
        field(LoadedApk.class, "mClassLoader").set(apk, loader);
        ActivityThread.AppBindData data = new ActivityThread.AppBindData();
        data.info = apk;
        data.appInfo = info;
        data.processName = info.processName;
        data.compatInfo = compatible;
        data.config = new Configuration();
        thread.mBoundApplication = data;
        Application application = new Application();
        application.attach(ContextImpl.createAppContext(thread, apk));
        thread.mInitialApplication = application;
        field(LoadedApk.class, "mApplication").set(apk, application);
        return application;
    }

    private static java.lang.reflect.Field field(Class<?> cls, String name) throws NoSuchFieldException {
        java.lang.reflect.Field found = cls.getDeclaredField(name);
        found.setAccessible(true);
        return found;
    }
}
