package android.app;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.content.pm.ApplicationInfo;
import android.content.res.AssetManager;
import android.content.res.Resources;
import android.os.Handler;
import dalvik.system.PathClassLoader;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import standin.Device;

/** The package whose code runs in this process. */
public final class LoadedApk {
    private static final List<Object[]> sReceivers = new ArrayList<>();
    private static int sReceiverIds;
    private final ActivityThread mActivityThread;
    private final ApplicationInfo mApplicationInfo;
    private final String mAppDir;
    final String mPackageName;
    private ClassLoader mClassLoader;
    private Application mApplication;
    private Resources mResources;

    LoadedApk(ActivityThread thread, ApplicationInfo info, String classesPath) {
        mActivityThread = thread;
        mApplicationInfo = info;
        mPackageName = info.packageName;
        mAppDir = classesPath;
    }

    static ApplicationInfo applicationInfo(Map<String, Object> hello, String classesPath) {
        ApplicationInfo info = new ApplicationInfo();
        info.packageName = String.valueOf(hello.get("package"));
        info.processName = info.packageName;
        Object name = hello.get("application");
        info.className = name == null || name.toString().isEmpty() ? null : name.toString();
        info.name = info.className;
        info.uid = Device.uid();
        info.targetSdkVersion = Device.targetSdk();
        info.dataDir = String.valueOf(hello.get("data_dir"));
        info.sourceDir = String.valueOf(hello.get("apk"));
        info.publicSourceDir = info.sourceDir;
        info.enabled = true;
        info.metaData = metaData(hello.get("meta_data"));
        if (Boolean.TRUE.equals(hello.get("debuggable"))) info.flags |= ApplicationInfo.FLAG_DEBUGGABLE;
        return info;
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> components(Map<String, Object> hello, String kind) {
        Object all = hello.get("components");
        Object rows = all instanceof Map ? ((Map<String, Object>) all).get(kind) : null;
        return rows instanceof List ? (List<Map<String, Object>>) rows : List.of();
    }

    /** Values of the manifest: whole numbers and truth values are what they look like, as with a packaged app. */
    static android.os.Bundle metaData(Object rows) {
        if (!(rows instanceof Map) || ((Map<?, ?>) rows).isEmpty()) return null;
        android.os.Bundle out = new android.os.Bundle();
        for (Map.Entry<?, ?> e : ((Map<?, ?>) rows).entrySet()) {
            String key = String.valueOf(e.getKey());
            String text = String.valueOf(e.getValue());
            if (text.matches("-?[0-9]{1,9}")) out.putInt(key, Integer.parseInt(text));
            else if (text.equals("true") || text.equals("false")) out.putBoolean(key, text.equals("true"));
            else out.putString(key, text);
        }
        return out;
    }

    String label() {
        Object label = Device.hello("label");
        return label == null ? mPackageName : label.toString();
    }

    public String getPackageName() { return mPackageName; }
    public String getAppDir() { return mAppDir; }
    public ApplicationInfo getApplicationInfo() { return mApplicationInfo; }
    Application getApplication() { return mApplication; }

    public synchronized ClassLoader getClassLoader() {
        if (mClassLoader == null) mClassLoader = new AppClassLoader(mAppDir, ActivityThread.class.getClassLoader());
        return mClassLoader;
    }

    public synchronized Resources getResources() {
        if (mResources == null) {
            File base = new File(mAppDir).getParentFile();
            mResources = new Resources(mPackageName, getClassLoader(), new AssetManager(new File(base, "assets")));
            mResources.standinStrings(standin.Strings.read(new File(base, "res/values/strings.xml")));
        }
        return mResources;
    }

    public Application makeApplication(boolean forceDefaultAppClass, Instrumentation instrumentation) {
        return makeApplicationInner(forceDefaultAppClass, instrumentation, true);
    }

    public Application makeApplicationInner(boolean forceDefaultAppClass, Instrumentation instrumentation) {
        return makeApplicationInner(forceDefaultAppClass, instrumentation, false);
    }

    private Application makeApplicationInner(boolean forceDefaultAppClass, Instrumentation instrumentation, boolean allowDuplicateInstances) {
        if (mApplication != null) return mApplication;
        String appClass = mApplicationInfo.className;
        if (forceDefaultAppClass || appClass == null) appClass = "android.app.Application";
        Application app;
        try {
            ClassLoader cl = getClassLoader();
            Thread.currentThread().setContextClassLoader(cl);
            ContextImpl appContext = ContextImpl.createAppContext(mActivityThread, this);
            app = mActivityThread.mInstrumentation.newApplication(cl, appClass, appContext);
            appContext.setOuterContext(app);
        } catch (Exception e) {
            throw new RuntimeException("Unable to instantiate application " + appClass + " package " + mPackageName + ": " + e, e);
        }
        mApplication = app;
        mActivityThread.mInitialApplication = app;
        Device.setApplication(app);
        if (instrumentation != null) instrumentation.callApplicationOnCreate(app);
        return app;
    }

    static void register(BroadcastReceiver receiver, IntentFilter filter, Context context, Handler handler) {
        List<Object> actions = new ArrayList<>();
        for (int i = 0; i < filter.countActions(); i++) actions.add(filter.getAction(i));
        int id;
        synchronized (sReceivers) {
            id = ++sReceiverIds;
            sReceivers.add(new Object[] {receiver, filter, context, handler, id});
        }
        Device.event("receiver.register", Map.of("receiver", id, "actions", actions));
    }

    static void unregister(BroadcastReceiver receiver) {
        List<Object[]> gone = new ArrayList<>();
        synchronized (sReceivers) {
            for (Object[] row : sReceivers) if (row[0] == receiver) gone.add(row);
            sReceivers.removeAll(gone);
        }
        if (gone.isEmpty()) throw new IllegalArgumentException("Receiver not registered: " + receiver);
        for (Object[] row : gone) Device.event("receiver.unregister", Map.of("receiver", row[4]));
    }

    static void deliver(Intent intent) {
        List<Object[]> now;
        synchronized (sReceivers) {
            now = new ArrayList<>(sReceivers);
        }
        for (Object[] row : now) {
            if (!((IntentFilter) row[1]).hasAction(intent.getAction())) continue;
            Runnable run = () -> ((BroadcastReceiver) row[0]).onReceive((Context) row[2], new Intent(intent));
            if (row[3] == null) run.run();
            else ((Handler) row[3]).post(run);
        }
    }
}
