package android.app;

import android.app.job.JobService;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.pm.ActivityInfo;
import android.content.pm.ApplicationInfo;
import android.content.pm.ComponentInfo;
import android.content.pm.ProviderInfo;
import android.content.pm.ServiceInfo;
import android.os.Binder;
import android.os.Build;
import android.os.Handler;
import android.os.Looper;
import android.os.Message;
import android.os.Process;
import android.os.SystemProperties;
import aosp.Bindings;
import aosp.Link;
import aosp.Logs;
import aosp.Receivers;
import aosp.Start;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import standin.Device;
import standin.Intents;
import standin.Launcher;

/**
 * An app's process in a session: what the device says is carried out by the framework's own thread, as far as it is about services, receivers
 * and providers; activities and windows are the stand-in's.
 */
public final class AospSession {
    private final Map<String, Token> services = new LinkedHashMap<>();
    private ActivityThread thread;
    private Application application;
    private Screens screens;
    private int starts;

    /** What a service is known by: its name. */
    private static final class Token extends Binder {
        Token(ComponentName name) {
            attachInterface(null, name.flattenToString());
        }
    }

    private AospSession() {}

    public static void main() throws Exception {
        AospSession session = new AospSession();
        session.run(Launcher.prepare(session::attach, AospSession::preload));
    }

    /** As on a phone there is a thread and no app yet while the process waits for a debugger; what comes then waits in its queue. */
    private BiConsumer<String, Map<String, Object>> attach() {
        Logs.to((level, tag, message) -> Device.event("log", Map.of("tag", String.valueOf(tag), "level", level, "message", message)));
        Start.services();
        thread = AospProcess.attach();
        Handler handler = new Handler(Looper.getMainLooper());
        return (what, a) -> handler.post(() -> dispatch(what, a));
    }

    /** On a phone this was done before there was an app: its monitor sees no read of a property by Build. */
    private static void preload(Map<String, Object> hello) {
        for (Map.Entry<?, ?> one : ((Map<?, ?>) hello.get("props")).entrySet()) {
            SystemProperties.set(String.valueOf(one.getKey()), String.valueOf(one.getValue()));
        }
        try {
            for (Class<?> one : new Class<?>[] {Build.class, Build.VERSION.class}) Class.forName(one.getName());
        } catch (ClassNotFoundException bad) {
            throw new IllegalStateException(bad);
        }
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
        }, Device::event);
        Bindings.by((name, intent) -> thread.mH.post(() -> bind(name, intent)));
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
        ClassLoader loader = new AppClassLoader(classes, AospSession.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        thread.mInstrumentation = new Instrumentation();
        thread.mInstrumentation.basicInit(thread);
        application = AospProcess.start(thread, info, loader);
        screens = new Screens(thread, application, this::context);
        Device.setApplication(application);
        install(hello, info);
        thread.mInstrumentation.onCreate(null);
        thread.mInstrumentation.callApplicationOnCreate(application);
        Device.note("application", "state", "created", "cls", application.getClass().getName());
        Device.event("process.bound", Map.of());
    }

    private ContextImpl context() {
        ContextImpl made = ContextImpl.createAppContext(thread, application.mLoadedApk);
        AospProcess.display(made, new android.view.Display());
        return made;
    }

    private void dispatch(String what, Map<String, Object> a) {
        if (screens.dispatch(what, a)) return;
        switch (what) {
            case "service.start": start(a); break;
            case "service.stop": stop(component(a)); break;
            case "job.start": ((JobService) thread.mServices.get(service(component(a)))).standinStart(Screens.number(a, "id")); break;
            case "broadcast": broadcast(a); break;
            case "settings.changed": break;
            default: standin.Listeners.dispatch(what, a);
        }
    }

    // providers, services and receivers: the framework's own thread

    private static ComponentName component(Map<String, Object> a) {
        return ComponentName.unflattenFromString(Screens.text(a, "component"));
    }

    private <T extends ComponentInfo> T named(T info, ComponentName name) {
        info.name = name.getClassName();
        info.packageName = name.getPackageName();
        info.applicationInfo = new ApplicationInfo(application.getApplicationInfo());
        info.applicationInfo.uid = Process.myUid();  // the host's: by the device's the framework would take it for another user's app
        info.processName = info.applicationInfo.processName;
        return info;
    }

    private void handle(int what, Object data) {
        thread.mH.handleMessage(Message.obtain(thread.mH, what, data));
    }

    private void install(Map<String, Object> hello, ApplicationInfo app) throws ReflectiveOperationException {
        List<ProviderInfo> mine = new ArrayList<>();
        for (Object one : (List<?>) ((Map<?, ?>) hello.get("components")).get("providers")) {
            Map<?, ?> row = (Map<?, ?>) one;
            if (!app.processName.equals(row.get("process"))) continue;
            ProviderInfo info = named(new ProviderInfo(), new ComponentName(app.packageName, String.valueOf(row.get("name"))));
            info.exported = Boolean.TRUE.equals(row.get("exported"));
            info.authority = ((List<?>) row.get("authorities")).stream().map(String::valueOf).collect(Collectors.joining(";"));
            mine.add(info);
        }
        if (mine.isEmpty()) return;
        Method install = ActivityThread.class.getDeclaredMethod("installContentProviders", Context.class, List.class);
        install.setAccessible(true);
        try {
            install.invoke(thread, application, mine);
        } catch (InvocationTargetException bad) {
            throw (RuntimeException) bad.getCause();
        }
        for (ProviderInfo one : mine) Device.note("provider", "state", "installed", "cls", one.name);
    }

    private Token service(ComponentName name) {
        Token token = services.get(name.getClassName());
        if (token != null) return token;
        token = new Token(name);
        services.put(name.getClassName(), token);
        ActivityThread.CreateServiceData data = new ActivityThread.CreateServiceData();
        data.token = token;
        data.info = named(new ServiceInfo(), name);
        data.compatInfo = thread.mBoundApplication.compatInfo;
        handle(ActivityThread.H.CREATE_SERVICE, data);
        Device.note("service", "state", "created", "cls", name.getClassName());
        return token;
    }

    private void start(Map<String, Object> a) {
        ActivityThread.ServiceArgsData data = new ActivityThread.ServiceArgsData();
        data.token = service(component(a));
        data.startId = ++starts;
        data.args = Intents.read(a);
        handle(ActivityThread.H.SERVICE_ARGS, data);
    }

    private void bind(ComponentName name, Intent intent) {
        ActivityThread.BindServiceData data = new ActivityThread.BindServiceData();
        data.token = service(name);
        data.intent = intent;
        handle(ActivityThread.H.BIND_SERVICE, data);
    }

    private void stop(ComponentName name) {
        Token token = services.remove(name.getClassName());
        Bindings.gone(name);
        if (token == null) return;
        handle(ActivityThread.H.STOP_SERVICE, token);
        Device.note("service", "state", "destroyed", "cls", name.getClassName());
        Device.event("service.stopped", Map.of("component", name.flattenToString()));
    }

    private void broadcast(Map<String, Object> a) {
        Intent intent = Intents.read(a);
        if (intent.getComponent() == null) {
            Receivers.deliver(intent);
            return;
        }
        Device.note("receiver", "cls", intent.getComponent().getClassName(), "action", Screens.text(a, "action"));
        ActivityThread.ReceiverData data = new ActivityThread.ReceiverData(intent, 0, null, null, false, false, thread.mAppThread, 0);
        data.info = named(new ActivityInfo(), intent.getComponent());
        data.compatInfo = thread.mBoundApplication.compatInfo;
        handle(ActivityThread.H.RECEIVER, data);
    }
}
