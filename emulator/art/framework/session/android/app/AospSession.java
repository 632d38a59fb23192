package android.app;

import android.content.BroadcastReceiver;
import android.content.Intent;
import android.content.pm.ActivityInfo;
import android.content.pm.ApplicationInfo;
import android.os.Binder;
import android.os.Handler;
import android.os.Looper;
import android.os.SystemProperties;
import android.view.KeyEvent;
import android.view.View;
import android.view.ViewRootImpl;
import android.view.WindowManager;
import android.view.WindowManagerGlobal;
import aosp.Link;
import aosp.Logs;
import aosp.Start;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import standin.Device;
import standin.Intents;
import standin.Launcher;

/** An app's process in a session: what the device says is carried out with the stand-in's activities and windows, on the framework's own services. */
public final class AospSession {
    private final Map<String, Record> activities = new LinkedHashMap<>();
    private final Map<String, Service> services = new LinkedHashMap<>();
    private ActivityThread thread;
    private Instrumentation instrumentation;
    private Application application;
    private int starts;

    /** One activity. */
    private static final class Record {
        String name;
        Token token;
        Activity activity;
        boolean stopped = true;
        boolean paused = true;
        boolean shown;
    }

    /** Token of the activity that a start comes from. */
    private static final class Token extends Binder {
        private final String text;

        Token(String text) {
            this.text = text;
        }

        @Override public String toString() { return text; }
    }

    private AospSession() {}

    public static void main() throws Exception {
        AospSession session = new AospSession();
        session.run(Launcher.prepare(session::attach));
    }

    /** As on a phone there is a thread and no app yet while the process waits for a debugger; what comes then waits in its queue. */
    private BiConsumer<String, Map<String, Object>> attach() {
        Logs.to((level, tag, message) -> Device.event("log", Map.of("tag", String.valueOf(tag), "level", level, "message", message)));
        Start.services();
        thread = AospProcess.attach();
        Handler handler = new Handler(Looper.getMainLooper());
        return (what, a) -> handler.post(() -> dispatch(what, a));
    }

    private void run(Map<String, Object> hello) {
        try {
            bind(hello);
            Looper.loop();
        } catch (Throwable bad) {
            Launcher.crash(Thread.currentThread(), bad);
        }
    }

    private void bind(Map<String, Object> hello) throws ReflectiveOperationException {
        Link.to((method, words) -> {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("r", Device.call(method, words));
            return standin.Json.write(answer);
        });
        for (Map.Entry<?, ?> one : ((Map<?, ?>) hello.get("props")).entrySet()) {
            SystemProperties.set(String.valueOf(one.getKey()), String.valueOf(one.getValue()));
        }
        String process = System.getProperty("standin.process");
        String classes = System.getProperty("standin.classes");
        ApplicationInfo info = Start.app(Device.packageName(), Device.uid());
        info.processName = process;
        info.targetSdkVersion = Device.targetSdk();
        info.dataDir = String.valueOf(hello.get("data_dir"));
        info.credentialProtectedDataDir = info.dataDir;
        info.deviceProtectedDataDir = info.dataDir;
        info.sourceDir = String.valueOf(hello.get("apk"));
        info.publicSourceDir = info.sourceDir;
        info.nonLocalizedLabel = String.valueOf(hello.get("label"));
        Object name = hello.get("application");
        info.className = name == null || name.toString().isEmpty() ? null : name.toString();
        if (Boolean.TRUE.equals(hello.get("debuggable"))) info.flags |= ApplicationInfo.FLAG_DEBUGGABLE;
        instrumentation = new Instrumentation();
        ClassLoader loader = new AppClassLoader(classes, AospSession.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        application = AospProcess.start(thread, info, loader);
        thread.mInstrumentation = instrumentation;
        instrumentation.basicInit(thread);
        Device.setApplication(application);
        instrumentation.onCreate(null);
        instrumentation.callApplicationOnCreate(application);
        Device.note("application", "state", "created", "cls", application.getClass().getName());
        Device.event("process.bound", Map.of());
    }

    private void dispatch(String what, Map<String, Object> a) {
        switch (what) {
            case "activity.launch": launch(a); break;
            case "activity.lifecycle": lifecycle(activities.get(text(a, "token")), text(a, "to")); break;
            case "activity.finish": if (activities.containsKey(text(a, "token"))) activities.get(text(a, "token")).activity.finish(); break;
            case "activity.newintent": instrumentation.callActivityOnNewIntent(activities.get(text(a, "token")).activity, Intents.read(a)); break;
            case "perm.result": permissions(a); break;
            case "service.start": service(a); break;
            case "service.stop": stop(text(a, "component")); break;
            case "broadcast": broadcast(a); break;
            case "ui.click": click(number(a, "window"), number(a, "node"), Boolean.TRUE.equals(a.get("long"))); break;
            case "ui.text": type(number(a, "window"), number(a, "node"), text(a, "text")); break;
            case "ui.key": key(number(a, "window"), text(a, "key")); break;
            case "trim": application.onTrimMemory(40); break;
            case "settings.changed": break;
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

    private static String cls(String component) {
        return component.substring(component.indexOf('/') + 1);
    }

    // activities

    private void launch(Map<String, Object> a) {
        Record r = new Record();
        r.token = new Token(text(a, "token"));
        r.name = cls(text(a, "component"));
        activities.put(r.token.toString(), r);
        Intent intent = Intents.read(a);
        try {
            r.activity = instrumentation.newActivity(application.getClassLoader(), r.name, intent);
            ContextImpl context = ContextImpl.createAppContext(thread, application.mLoadedApk);
            AospProcess.display(context, new android.view.Display());
            context.setOuterContext(r.activity);
            ActivityInfo info = new ActivityInfo();
            info.name = r.name;
            info.packageName = Device.packageName();
            info.applicationInfo = application.getApplicationInfo();
            r.activity.attach(context, thread, instrumentation, r.token, application, intent, info, String.valueOf(info.applicationInfo.nonLocalizedLabel));
            instrumentation.callActivityOnCreate(r.activity, null);
        } catch (Exception bad) {
            throw new RuntimeException("Unable to start activity ComponentInfo{" + Device.packageName() + "/" + r.name + "}: " + bad, bad);
        }
        state(r, "created");
        if (r.activity.mFinished) {
            lifecycle(r, "destroyed");
            return;
        }
        r.activity.performStart();
        state(r, "started");
        r.stopped = false;
        resume(r);
    }

    private void resume(Record r) {
        if (r.activity.mFinished) return;
        if (r.stopped) {
            r.activity.performRestart();
            r.activity.performStart();
            r.stopped = false;
        }
        r.paused = false;
        r.activity.performResume();
        if (r.activity.mFinished) return;
        if (!r.shown) {
            r.shown = true;
            WindowManager.LayoutParams l = r.activity.getWindow().getAttributes();
            l.type = WindowManager.LayoutParams.TYPE_BASE_APPLICATION;
            l.setTitle(Device.packageName() + "/" + r.name);
            r.activity.getWindowManager().addView(r.activity.getWindow().getDecorView(), l);
        }
        state(r, "resumed");
    }

    private static void state(Record r, String state) {
        Device.call("activity.state", Map.of("token", r.token.toString(), "component", Device.packageName() + "/" + r.name, "state", state));
    }

    private void lifecycle(Record r, String to) {
        if (r == null || r.activity == null) return;
        if (to.equals("resumed")) {
            resume(r);
            return;
        }
        if (!r.paused) {
            r.paused = true;
            instrumentation.callActivityOnPause(r.activity);
            state(r, "paused");
        }
        if (to.equals("paused")) return;
        if (!r.stopped) {
            r.stopped = true;
            r.activity.performStop();
            state(r, "stopped");
        }
        if (to.equals("stopped")) return;
        activities.remove(r.token.toString());
        r.activity.performDestroy();
        WindowManagerGlobal.getInstance().closeAll(r.token);
        state(r, "destroyed");
    }

    private void permissions(Map<String, Object> a) {
        Record r = activities.get(text(a, "activity"));
        if (r == null) return;
        Intent data = new Intent("android.content.pm.action.REQUEST_PERMISSIONS");
        data.putExtra("android.content.pm.extra.REQUEST_PERMISSIONS_NAMES", ((List<?>) a.get("permissions")).stream().map(String::valueOf).toArray(String[]::new));
        data.putExtra("android.content.pm.extra.REQUEST_PERMISSIONS_RESULTS", ((List<?>) a.get("grants")).stream().mapToInt(g -> ((Number) g).intValue()).toArray());
        r.activity.standinPermissionsResult(number(a, "code"), data);
    }

    // services and receivers

    private void service(Map<String, Object> a) {
        String name = cls(text(a, "component"));
        try {
            Service s = services.get(name);
            if (s == null) {
                s = (Service) application.getClassLoader().loadClass(name).getDeclaredConstructor().newInstance();
                s.attach(ContextImpl.createAppContext(thread, application.mLoadedApk), thread, name, thread.getApplicationThread(), application, ActivityManager.getService());
                services.put(name, s);
                s.onCreate();
                Device.note("service", "state", "created", "cls", name);
            }
            s.onStartCommand(Intents.read(a), 0, ++starts);
        } catch (Exception bad) {
            throw new RuntimeException("Unable to start service " + name + ": " + bad, bad);
        }
    }

    private void stop(String component) {
        Service s = services.remove(cls(component));
        if (s == null) return;
        s.onDestroy();
        Device.note("service", "state", "destroyed", "cls", cls(component));
        Device.event("service.stopped", Map.of("component", Device.packageName() + "/" + cls(component)));
    }

    private void broadcast(Map<String, Object> a) {
        Object component = a.get("component");
        if (component == null || component.toString().isEmpty()) return;  // nobody registered here
        String name = cls(component.toString());
        try {
            BroadcastReceiver receiver = (BroadcastReceiver) application.getClassLoader().loadClass(name).getDeclaredConstructor().newInstance();
            Device.note("receiver", "cls", name, "action", text(a, "action"));
            receiver.onReceive(application, Intents.read(a));
        } catch (Exception bad) {
            throw new RuntimeException("Unable to start receiver " + name + ": " + bad, bad);
        }
    }

    // input

    private static View view(int window, int node) {
        for (ViewRootImpl r : WindowManagerGlobal.getInstance().standinRoots()) if (r.standinNumber() == window) return r.getView().standinFind(node);
        return null;
    }

    private static void click(int window, int node, boolean held) {
        View view = view(window, node);
        boolean done = view != null && (held ? view.standinPress(node) : view.standinTap(node));
        Device.note("click", "window", window, "node", node, "handled", done);
    }

    private static void type(int window, int node, String text) {
        View view = view(window, node);
        if (view instanceof android.widget.TextView) ((android.widget.TextView) view).setText(text);
    }

    private void key(int window, String key) {
        int code = KeyEvent.keyCodeFromString(key);
        List<ViewRootImpl> roots = WindowManagerGlobal.getInstance().standinRoots();
        ViewRootImpl root = roots.isEmpty() ? null : roots.get(roots.size() - 1);
        for (ViewRootImpl r : roots) if (r.standinNumber() == window) root = r;
        if (root != null && standin.Windows.key(root.getView(), code)) return;
        Record top = null;
        for (Record r : activities.values()) if (!r.paused) top = r;
        for (int action : standin.Windows.ACTIONS) {
            if (top != null && (action == 0 || !top.activity.isFinishing())) top.activity.dispatchKeyEvent(new KeyEvent(action, code));
        }
    }
}
