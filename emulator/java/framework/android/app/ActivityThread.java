package android.app;

import android.content.BroadcastReceiver;
import android.content.ComponentName;
import android.content.ContentProvider;
import android.content.Context;
import android.content.IContentProvider;
import android.content.Intent;
import android.content.ServiceConnection;
import android.content.pm.ApplicationInfo;
import android.content.pm.ProviderInfo;
import android.os.Binder;
import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import android.os.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import standin.Content;
import standin.Device;
import standin.Intents;

/** The main thread of an app process: carries out what the device's activity manager says. */
public final class ActivityThread {
    private static volatile ActivityThread sCurrentActivityThread;
    final H mH = new H();
    /** An ArrayMap as on Android: libraries read it by reflection. */
    final android.util.ArrayMap<IBinder, ActivityClientRecord> mActivities = new android.util.ArrayMap<>();
    final Map<String, Service> mServices = new LinkedHashMap<>();
    final Map<String, IContentProvider> mProviderMap = new HashMap<>();
    final Map<String, IBinder> mBound = new HashMap<>();
    final ApplicationThread mAppThread = new ApplicationThread();
    Instrumentation mInstrumentation;
    Application mInitialApplication;
    AppBindData mBoundApplication;
    private Screens mScreens;
    private int mServiceStarts;

    /** The binder that the activity manager knows this process by. */
    private static final class ApplicationThread extends Binder {}

    /** What the process is for. */
    static final class AppBindData {
        String processName;
        ApplicationInfo appInfo;
        List<ProviderInfo> providers = new ArrayList<>();
        LoadedApk info;
    }

    /** One activity. */
    static final class ActivityClientRecord {
        IBinder token;
        Intent intent;
        Activity activity;
        boolean stopped;
        boolean paused;
    }

    /** One broadcast for a receiver of the manifest. */
    static final class ReceiverData {
        Intent intent;
        String name;
    }

    /** Messages from the device, in order, on the main thread. */
    final class H extends Handler {
        H() {
            super(Looper.getMainLooper());
        }

        @Override
        public void handleMessage(Message msg) {
            @SuppressWarnings("unchecked")
            Object[] pair = (Object[]) msg.obj;
            @SuppressWarnings("unchecked")
            Map<String, Object> a = (Map<String, Object>) pair[1];
            dispatch((String) pair[0], a);
        }
    }

    public static ActivityThread currentActivityThread() { return sCurrentActivityThread; }
    public static Application currentApplication() {
        ActivityThread am = currentActivityThread();
        return am == null ? null : am.mInitialApplication;
    }
    public static String currentPackageName() {
        ActivityThread am = currentActivityThread();
        return am == null || am.mBoundApplication == null ? null : am.mBoundApplication.appInfo.packageName;
    }
    public static String currentOpPackageName() { return currentPackageName(); }
    public static String currentProcessName() {
        ActivityThread am = currentActivityThread();
        return am == null || am.mBoundApplication == null ? null : am.mBoundApplication.processName;
    }
    public Application getApplication() { return mInitialApplication; }
    public Instrumentation getInstrumentation() { return mInstrumentation; }
    public String getProcessName() { return mBoundApplication.processName; }
    public Handler getHandler() { return mH; }
    public ApplicationThread getApplicationThread() { return mAppThread; }
    public Looper getLooper() { return Looper.getMainLooper(); }

    /** Before anything is bound: so that messages that arrive now wait in the queue. */
    public static ActivityThread standinAttach() {
        ActivityThread thread = new ActivityThread();
        sCurrentActivityThread = thread;
        return thread;
    }

    /** The rest of the main thread's life. */
    public static void standinMain(Map<String, Object> hello) {
        try {
            sCurrentActivityThread.standinBind(System.getProperty("standin.process"), System.getProperty("standin.classes"), hello);
            Looper.loop();
        } catch (Throwable e) {
            standin.Launcher.crash(Thread.currentThread(), e);
        }
    }

    /** From the wire's thread. */
    public void standinPost(String what, Map<String, Object> args) {
        mH.sendMessage(mH.obtainMessage(1, new Object[] {what, args}));
    }

    public void standinBind(String process, String classesPath, Map<String, Object> hello) {
        AppBindData data = new AppBindData();
        data.processName = process;
        data.appInfo = LoadedApk.applicationInfo(hello, classesPath);
        data.info = new LoadedApk(this, data.appInfo, classesPath);
        for (Map<String, Object> row : LoadedApk.components(hello, "providers")) {
            if (!process.equals(row.get("process"))) continue;
            ProviderInfo info = new ProviderInfo();
            info.name = String.valueOf(row.get("name"));
            info.packageName = data.appInfo.packageName;
            info.processName = process;
            info.applicationInfo = data.appInfo;
            info.exported = Boolean.TRUE.equals(row.get("exported"));
            StringBuilder names = new StringBuilder();
            for (Object authority : (List<?>) row.getOrDefault("authorities", List.of())) {
                names.append(names.length() == 0 ? "" : ";").append(authority);
            }
            info.authority = names.toString();
            data.providers.add(info);
        }
        handleBindApplication(data);
    }

    private void handleBindApplication(AppBindData data) {
        mBoundApplication = data;
        mInstrumentation = new Instrumentation();
        mInstrumentation.basicInit(this);
        Application app = data.info.makeApplicationInner(false, null);
        mInitialApplication = app;
        mScreens = new Screens(this, app, () -> ContextImpl.createActivityContext(this, data.info));
        if (!data.providers.isEmpty()) installContentProviders(app, data.providers);
        mInstrumentation.onCreate(null);
        try {
            mInstrumentation.callApplicationOnCreate(app);
        } catch (Exception e) {
            throw new RuntimeException("Unable to create application " + app.getClass().getName() + ": " + e, e);
        }
        Device.note("application", "state", "created", "cls", app.getClass().getName());
        Device.event("process.bound", Map.of());
    }

    private void installContentProviders(Context context, List<ProviderInfo> providers) {
        for (ProviderInfo cpi : providers) installProvider(context, null, cpi, false, true, true);
    }

    private ContentProviderHolder installProvider(Context context, ContentProviderHolder holder, ProviderInfo info, boolean noisy, boolean noReleaseNeeded, boolean stable) {
        ContentProvider localProvider;
        try {
            localProvider = (ContentProvider) context.getClassLoader().loadClass(info.name).getDeclaredConstructor().newInstance();
            localProvider.attachInfo(context, info);
        } catch (Exception e) {
            Throwable cause = e instanceof java.lang.reflect.InvocationTargetException ? e.getCause() : e;
            throw new RuntimeException("Unable to get provider " + info.name + ": " + cause, cause);
        }
        for (String authority : info.authority.split(";")) mProviderMap.put(authority, localProvider.getIContentProvider());
        Device.note("provider", "state", "installed", "cls", info.name);
        return holder;
    }

    /** A provider of this process, or the wire to another's; null if the device knows none. */
    public final IContentProvider acquireProvider(Context c, String auth, int userId, boolean stable) {
        IContentProvider local = mProviderMap.get(auth);
        if (local != null) return local;
        return Boolean.TRUE.equals(Device.call("content.exists", Map.of("authority", auth))) ? ContextImpl.remoteProvider(auth) : null;
    }

    // messages

    private void dispatch(String what, Map<String, Object> a) {
        if (mScreens.dispatch(what, a)) return;
        switch (what) {
            case "service.start": handleServiceArgs(a); break;
            case "service.stop": stopService(Screens.text(a, "component")); break;
            case "broadcast": broadcast(a); break;
            case "job.start": startJob(a); break;
            default: standin.Listeners.dispatch(what, a);
        }
    }

    private static String className(String component) {
        int slash = component.indexOf('/');
        return component.substring(slash + 1);
    }

    // services

    Service service(String name) {
        Service s = mServices.get(name);
        return s != null ? s : handleCreateService(name);
    }

    private Service handleCreateService(String name) {
        try {
            Service s = (Service) mBoundApplication.info.getClassLoader().loadClass(name).getDeclaredConstructor().newInstance();
            s.attach(ContextImpl.createAppContext(this, mBoundApplication.info), this, name, mAppThread, mInitialApplication, null);
            mServices.put(name, s);
            s.onCreate();
            Device.note("service", "state", "created", "cls", name);
            return s;
        } catch (Exception e) {
            throw new RuntimeException("Unable to create service " + name + ": " + e, e);
        }
    }

    private void handleServiceArgs(Map<String, Object> a) {
        String name = className(Screens.text(a, "component"));
        Service s = service(name);
        try {
            s.onStartCommand(Intents.read(a), 0, ++mServiceStarts);
        } catch (Exception e) {
            throw new RuntimeException("Unable to start service " + name + ": " + e, e);
        }
    }

    void stopService(String component) {
        String name = className(component);
        Service s = mServices.remove(name);
        mBound.remove(name);
        if (s == null) return;
        s.onDestroy();
        Device.note("service", "state", "destroyed", "cls", name);
        Device.event("service.stopped", Map.of("component", Device.packageName() + "/" + name));
    }

    void bindLocal(String name, Intent intent, ServiceConnection conn) {
        mH.post(() -> {
            Service s = service(name);
            IBinder binder = mBound.containsKey(name) ? mBound.get(name) : s.onBind(intent);
            mBound.put(name, binder);
            ComponentName cn = new ComponentName(Device.packageName(), name);
            if (binder == null) conn.onNullBinding(cn);
            else conn.onServiceConnected(cn, binder);
        });
    }

    private void startJob(Map<String, Object> a) {
        Service s = service(className(Screens.text(a, "component")));
        if (s instanceof android.app.job.JobService) ((android.app.job.JobService) s).standinStart(Screens.number(a, "id"));
    }

    // receivers

    private void broadcast(Map<String, Object> a) {
        Intent intent = Intents.read(a);
        Object component = a.get("component");
        if (component == null || component.toString().isEmpty()) {
            LoadedApk.deliver(intent);
        } else {
            ReceiverData data = new ReceiverData();
            data.intent = intent;
            data.name = className(component.toString());
            handleReceiver(data);
        }
    }

    private void handleReceiver(ReceiverData data) {
        try {
            BroadcastReceiver receiver = (BroadcastReceiver) mBoundApplication.info.getClassLoader().loadClass(data.name)
                    .getDeclaredConstructor().newInstance();
            Device.note("receiver", "cls", data.name, "action", data.intent.getAction());
            receiver.onReceive(ContextImpl.createReceiverContext(this, mBoundApplication.info), data.intent);
        } catch (Exception e) {
            throw new RuntimeException("Unable to start receiver " + data.name + ": " + e, e);
        }
    }
}
