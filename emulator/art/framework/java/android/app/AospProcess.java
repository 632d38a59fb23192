package android.app;

import android.content.pm.ApplicationInfo;
import android.content.res.ApkAssets;
import android.content.res.AssetManager;
import android.content.res.CompatibilityInfo;
import android.content.res.Configuration;
import android.content.res.Resources;
import android.content.res.ResourcesImpl;
import android.database.CursorWindow;
import android.os.TelephonyServiceManager;
import android.telephony.TelephonyFrameworkInitializer;
import android.util.DisplayMetrics;
import android.view.DisplayAdjustments;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;

/** What ActivityThread.handleBindApplication leaves behind, without its resources: a thread, a package, an application. */
public final class AospProcess {
    private AospProcess() {}

    public static ActivityThread attach() {
        try {
            field(CursorWindow.class, "sCursorWindowSize").setInt(null, 2 << 20);  // a resource, of which there are none
            TelephonyFrameworkInitializer.setTelephonyServiceManager(new TelephonyServiceManager());
            ActivityThread thread = new ActivityThread();
            field(ActivityThread.class, "sCurrentActivityThread").set(null, thread);
            return thread;
        } catch (ReflectiveOperationException bad) {
            throw new IllegalStateException(bad);
        }
    }

    public static Application start(ActivityThread thread, ApplicationInfo info, ClassLoader loader) throws ReflectiveOperationException {
        CompatibilityInfo compatible = CompatibilityInfo.DEFAULT_COMPATIBILITY_INFO;
        LoadedApk apk = new LoadedApk(thread, info, compatible, loader, false, true, false);
        apk.mResources = resources(loader);
        field(LoadedApk.class, "mClassLoader").set(apk, loader);
        thread.mPackages.put(info.packageName, new WeakReference<>(apk));
        ActivityThread.AppBindData data = new ActivityThread.AppBindData();
        data.info = apk;
        data.appInfo = info;
        data.processName = info.processName;
        data.compatInfo = compatible;
        data.config = new Configuration();
        thread.mBoundApplication = data;
        Class<?> cls = info.className == null ? Application.class : Class.forName(info.className, true, loader);
        Application application = (Application) cls.getDeclaredConstructor().newInstance();
        application.attach(ContextImpl.createAppContext(thread, apk));
        thread.mInitialApplication = application;
        field(LoadedApk.class, "mApplication").set(apk, application);
        return application;
    }

    /** They know the screen and the language; of what an app packs they have nothing. */
    private static Resources resources(ClassLoader loader) throws ReflectiveOperationException {
        Constructor<AssetManager> empty = AssetManager.class.getDeclaredConstructor(boolean.class);
        empty.setAccessible(true);
        AssetManager assets = empty.newInstance(false);
        field(AssetManager.class, "mApkAssets").set(assets, new ApkAssets[0]);
        DisplayMetrics screen = new DisplayMetrics();
        screen.setToDefaults();
        Configuration config = new Configuration();
        config.setToDefaults();
        Resources made = new Resources(loader);
        made.setImpl(new ResourcesImpl(assets, screen, config, new DisplayAdjustments()));
        return made;
    }

    /** Without it a context asks for the display's service. */
    static void display(ContextImpl context, Object display) {
        try {
            field(ContextImpl.class, "mDisplay").set(context, display);
        } catch (ReflectiveOperationException bad) {
            throw new IllegalStateException(bad);
        }
    }

    private static java.lang.reflect.Field field(Class<?> cls, String name) throws NoSuchFieldException {
        java.lang.reflect.Field found = cls.getDeclaredField(name);
        found.setAccessible(true);
        return found;
    }
}
