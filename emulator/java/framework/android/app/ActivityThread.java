package android.app;

import android.content.BroadcastReceiver;
import android.content.ComponentName;
import android.content.ContentProvider;
import android.content.Context;
import android.content.IContentProvider;
import android.content.Intent;
import android.content.ServiceConnection;
import android.content.pm.ActivityInfo;
import android.content.pm.ApplicationInfo;
import android.content.pm.ProviderInfo;
import android.os.Binder;
import android.os.Bundle;
import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import android.os.Message;
import android.util.Log;
import android.view.View;
import android.view.ViewRootImpl;
import android.view.WindowManager;
import android.view.WindowManagerGlobal;
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
    final android.util.ArrayMap<Object, ActivityClientRecord> mActivities = new android.util.ArrayMap<>();
    final Map<String, Service> mServices = new LinkedHashMap<>();
    final Map<String, IContentProvider> mProviderMap = new HashMap<>();
    final Map<String, IBinder> mBound = new HashMap<>();
    final ApplicationThread mAppThread = new ApplicationThread();
    Instrumentation mInstrumentation;
    Application mInitialApplication;
    AppBindData mBoundApplication;
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
        String name;
        IBinder token;
        Intent intent;
        Activity activity;
        boolean stopped = true;
        boolean paused = true;
        View shown;
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
        switch (what) {
            case "activity.launch": handleLaunchActivity(a); break;
            case "activity.lifecycle": lifecycle(text(a, "token"), text(a, "to")); break;
            case "activity.finish": finishOne(text(a, "token")); break;
            case "activity.newintent": handleNewIntent(a); break;
            case "activity.result": handleSendResult(a); break;
            case "perm.result": handlePermissionResult(a); break;
            case "service.start": handleServiceArgs(a); break;
            case "service.stop": stopService(text(a, "component")); break;
            case "broadcast": broadcast(a); break;
            case "job.start": startJob(a); break;
            case "ui.click": click(number(a, "window"), number(a, "node"), Boolean.TRUE.equals(a.get("long"))); break;
            case "ui.text": type(number(a, "window"), number(a, "node"), text(a, "text")); break;
            case "ui.key": key(number(a, "window"), text(a, "key")); break;
            case "trim": mInitialApplication.onTrimMemory(40); break;
            default: standin.Listeners.dispatch(what, a);
        }
    }

    private static String text(Map<String, Object> a, String key) {
        Object v = a.get(key);
        return v == null ? "" : v.toString();
    }

    private static int number(Map<String, Object> a, String key) {
        Object v = a.get(key);
        return v instanceof Number ? ((Number) v).intValue() : 0;
    }

    private static String className(String component) {
        int slash = component.indexOf('/');
        return component.substring(slash + 1);
    }

    // activities

    private void handleLaunchActivity(Map<String, Object> a) {
        ActivityClientRecord r = new ActivityClientRecord();
        r.token = new Token(text(a, "token"));
        r.name = className(text(a, "component"));
        r.intent = Intents.read(a);
        mActivities.put(r.token.toString(), r);
        Activity activity = performLaunchActivity(r, null);
        if (activity.isFinishing()) {
            // Never started, it goes at once; else it stops when what comes instead is resumed, as the device says.
            if (r.stopped) lifecycle(r.token.toString(), "destroyed");
            return;
        }
        handleResumeActivity(r);
    }

    private Activity performLaunchActivity(ActivityClientRecord r, Intent customIntent) {
        Activity activity;
        LoadedApk apk = mBoundApplication.info;
        try {
            activity = mInstrumentation.newActivity(apk.getClassLoader(), r.name, r.intent);
        } catch (Exception e) {
            throw new RuntimeException("Unable to instantiate activity ComponentInfo{" + Device.packageName() + "/" + r.name + "}: " + e, e);
        }
        try {
            ContextImpl appContext = ContextImpl.createActivityContext(this, apk, activity);
            ActivityInfo info = new ActivityInfo();
            info.name = r.name;
            info.packageName = Device.packageName();
            info.applicationInfo = mBoundApplication.appInfo;
            activity.attach(appContext, this, mInstrumentation, r.token, mInitialApplication, r.intent, info, apk.label());
            r.activity = activity;
            mInstrumentation.callActivityOnCreate(activity, null);
            state(r, "created");
            if (!activity.mFinished) {
                activity.performStart();
                state(r, "started");
                r.stopped = false;
            }
        } catch (Exception e) {
            throw new RuntimeException("Unable to start activity ComponentInfo{" + Device.packageName() + "/" + r.name + "}: " + e, e);
        }
        return activity;
    }

    public void handleResumeActivity(ActivityClientRecord r) {
        if (r.activity == null || r.activity.mFinished) return;
        if (r.stopped) {
            r.activity.performRestart();
            r.activity.performStart();
            r.stopped = false;
        }
        r.paused = false;
        r.activity.performResume();
        if (r.activity.mFinished) return;
        if (r.shown == null) {
            View decor = r.activity.getWindow().getDecorView();
            WindowManager.LayoutParams l = r.activity.getWindow().getAttributes();
            l.type = WindowManager.LayoutParams.TYPE_BASE_APPLICATION;
            l.setTitle(Device.packageName() + "/" + r.name);
            r.shown = decor;
            r.activity.getWindowManager().addView(decor, l);
        }
        state(r, "resumed");
    }

    private void state(ActivityClientRecord r, String state) {
        Device.call("activity.state", Map.of("token", r.token.toString(), "component", Device.packageName() + "/" + r.name, "state", state));
    }

    private void lifecycle(String token, String to) {
        ActivityClientRecord r = mActivities.get(token);
        if (r == null || r.activity == null) return;
        if (to.equals("resumed")) {
            handleResumeActivity(r);
            return;
        }
        if (!r.paused) {
            r.paused = true;
            mInstrumentation.callActivityOnPause(r.activity);
            state(r, "paused");
        }
        if (to.equals("paused")) return;
        if (!r.stopped) {
            r.stopped = true;
            r.activity.performStop();
            state(r, "stopped");
        }
        if (to.equals("stopped")) return;
        mActivities.remove(token);
        r.activity.performDestroy();
        WindowManagerGlobal.getInstance().closeAll(r.token);
        state(r, "destroyed");
    }

    private void finishOne(String token) {
        ActivityClientRecord r = mActivities.get(token);
        if (r != null && r.activity != null && !r.activity.mFinished) r.activity.finish();
    }

    private void handleNewIntent(Map<String, Object> a) {
        ActivityClientRecord r = mActivities.get(text(a, "token"));
        if (r != null) mInstrumentation.callActivityOnNewIntent(r.activity, Intents.read(a));
    }

    private void handleSendResult(Map<String, Object> a) {
        ActivityClientRecord r = mActivities.get(text(a, "token"));
        if (r == null) return;
        Intent data = a.get("data") instanceof Map ? Intents.readData(a.get("data")) : null;
        r.activity.dispatchActivityResult(number(a, "code"), number(a, "result"), data);
    }

    private void handlePermissionResult(Map<String, Object> a) {
        ActivityClientRecord r = mActivities.get(text(a, "activity"));
        if (r == null) return;
        List<?> names = (List<?>) a.get("permissions");
        List<?> grants = (List<?>) a.get("grants");
        Intent data = new Intent("android.content.pm.action.REQUEST_PERMISSIONS");
        data.putExtra("android.content.pm.extra.REQUEST_PERMISSIONS_NAMES", names.stream().map(String::valueOf).toArray(String[]::new));
        data.putExtra("android.content.pm.extra.REQUEST_PERMISSIONS_RESULTS", grants.stream().mapToInt(g -> ((Number) g).intValue()).toArray());
        r.activity.standinPermissionsResult(number(a, "code"), data);
    }

    /** Token of the activity that a start comes from. */
    static final class Token extends Binder {
        private final String text;

        Token(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
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
        String name = className(text(a, "component"));
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
        Service s = service(className(text(a, "component")));
        if (s instanceof android.app.job.JobService) ((android.app.job.JobService) s).standinStart(number(a, "id"));
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

    // input

    private static ViewRootImpl root(int window) {
        for (ViewRootImpl r : WindowManagerGlobal.getInstance().standinRoots()) if (r.standinNumber() == window) return r;
        return null;
    }

    private void click(int window, int node, boolean held) {
        ViewRootImpl root = root(window);
        View view = root == null ? null : root.getView().standinFind(node);
        boolean done = view != null && (held ? view.standinPress(node) : view.standinTap(node));
        Device.note("click", "window", window, "node", node, "handled", done);
    }

    private void type(int window, int node, String text) {
        ViewRootImpl root = root(window);
        View view = root == null ? null : root.getView().standinFind(node);
        if (view instanceof android.widget.TextView) ((android.widget.TextView) view).setText(text);
    }

    private void key(int window, String key) {
        int code = android.view.KeyEvent.keyCodeFromString(key);
        List<ViewRootImpl> roots = WindowManagerGlobal.getInstance().standinRoots();
        ViewRootImpl root = window != 0 ? root(window) : roots.isEmpty() ? null : roots.get(roots.size() - 1);
        if (root != null && standin.Windows.key(root.getView(), code)) return;
        ActivityClientRecord top = null;
        for (ActivityClientRecord r : mActivities.values()) if (!r.paused) top = r;
        for (int action : standin.Windows.ACTIONS) {
            if (top != null && (action == 0 || !top.activity.isFinishing())) top.activity.dispatchKeyEvent(new android.view.KeyEvent(action, code));
        }
    }
}
