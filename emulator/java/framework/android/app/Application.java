package android.app;

import android.content.ComponentCallbacks;
import android.content.ComponentCallbacks2;
import android.content.Context;
import android.content.ContextWrapper;
import android.content.res.Configuration;
import android.os.Bundle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

public class Application extends ContextWrapper implements ComponentCallbacks2 {
    public interface ActivityLifecycleCallbacks {
        default void onActivityPreCreated(Activity activity, Bundle savedInstanceState) {}
        void onActivityCreated(Activity activity, Bundle savedInstanceState);
        default void onActivityPostCreated(Activity activity, Bundle savedInstanceState) {}
        default void onActivityPreStarted(Activity activity) {}
        default void onActivityPostStarted(Activity activity) {}
        default void onActivityPreResumed(Activity activity) {}
        default void onActivityPostResumed(Activity activity) {}
        default void onActivityPrePaused(Activity activity) {}
        default void onActivityPostPaused(Activity activity) {}
        default void onActivityPreStopped(Activity activity) {}
        default void onActivityPostStopped(Activity activity) {}
        default void onActivityPreDestroyed(Activity activity) {}
        default void onActivityPostDestroyed(Activity activity) {}
        void onActivityStarted(Activity activity);
        void onActivityResumed(Activity activity);
        void onActivityPaused(Activity activity);
        void onActivityStopped(Activity activity);
        void onActivitySaveInstanceState(Activity activity, Bundle outState);
        void onActivityDestroyed(Activity activity);
    }

    private final List<ActivityLifecycleCallbacks> mCallbacks = new ArrayList<>();
    private final List<ComponentCallbacks> mComponents = new CopyOnWriteArrayList<>();
    public LoadedApk mLoadedApk;

    public Application() {
        super(null);
    }

    public void onCreate() {}
    public void onTerminate() {}
    @Override public void onConfigurationChanged(Configuration newConfig) { for (ComponentCallbacks one : mComponents) one.onConfigurationChanged(newConfig); }
    @Override public void onLowMemory() { mComponents.forEach(ComponentCallbacks::onLowMemory); }
    @Override public void onTrimMemory(int level) { for (ComponentCallbacks one : mComponents) if (one instanceof ComponentCallbacks2) ((ComponentCallbacks2) one).onTrimMemory(level); }
    @Override public void registerComponentCallbacks(ComponentCallbacks callback) { mComponents.add(callback); }
    @Override public void unregisterComponentCallbacks(ComponentCallbacks callback) { mComponents.remove(callback); }

    final void attach(Context context) {
        attachBaseContext(context);
        mLoadedApk = ContextImpl.getImpl(context).mPackageInfo;
    }

    public static String getProcessName() { return ActivityThread.currentProcessName(); }

    public void registerActivityLifecycleCallbacks(ActivityLifecycleCallbacks callback) {
        synchronized (mCallbacks) {
            mCallbacks.add(callback);
        }
    }

    public void unregisterActivityLifecycleCallbacks(ActivityLifecycleCallbacks callback) {
        synchronized (mCallbacks) {
            mCallbacks.remove(callback);
        }
    }

    void dispatch(Consumer<ActivityLifecycleCallbacks> what) {
        List<ActivityLifecycleCallbacks> now;
        synchronized (mCallbacks) {
            now = new ArrayList<>(mCallbacks);
        }
        now.forEach(what);
    }
}
