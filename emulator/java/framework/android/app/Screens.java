package android.app;

import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.pm.ActivityInfo;
import android.os.Binder;
import android.view.View;
import android.view.ViewRootImpl;
import android.view.WindowManager;
import android.view.WindowManagerGlobal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import standin.Device;
import standin.Intents;

/**
 * The activities of a process and the touches of its windows, as the device says. Also with Android's own framework behind them: of
 * its ActivityThread only what both have is used here.
 */
final class Screens {
    private final ActivityThread thread;
    private final Application application;
    private final Supplier<? extends Context> contexts;
    private final Set<Token> shown = new HashSet<>();

    Screens(ActivityThread thread, Application application, Supplier<? extends Context> contexts) {
        this.thread = thread;
        this.application = application;
        this.contexts = contexts;
    }

    /** What the device knows an activity by. */
    static final class Token extends Binder {
        private final String text;

        Token(String text) { this.text = text; }

        @Override public boolean equals(Object other) { return other instanceof Token && text.equals(((Token) other).text); }
        @Override public int hashCode() { return text.hashCode(); }
        @Override public String toString() { return text; }
    }

    /** Whether the message is about an activity or a window. */
    boolean dispatch(String what, Map<String, Object> a) {
        String token = text(a, what.equals("perm.result") ? "activity" : "token");
        ActivityThread.ActivityClientRecord r = token.isEmpty() ? null : thread.mActivities.get(new Token(token));
        switch (what) {
            case "activity.launch": launch(a); break;
            case "activity.lifecycle": if (r != null) lifecycle(r, text(a, "to")); break;
            case "activity.finish": if (r != null && !r.activity.mFinished) r.activity.finish(); break;
            case "activity.newintent": if (r != null) thread.mInstrumentation.callActivityOnNewIntent(r.activity, Intents.read(a)); break;
            case "activity.result": if (r != null) result(r, a); break;
            case "perm.result": if (r != null) permissions(r, a); break;
            case "ui.click": click(number(a, "window"), number(a, "node"), Boolean.TRUE.equals(a.get("long"))); break;
            case "ui.text": type(number(a, "window"), number(a, "node"), text(a, "text")); break;
            case "ui.key": key(number(a, "window"), text(a, "key")); break;
            case "trim": application.onTrimMemory(40); break;
            default: return false;
        }
        return true;
    }

    static String text(Map<String, Object> a, String key) {
        Object v = a.get(key);
        return v == null ? "" : v.toString();
    }

    static int number(Map<String, Object> a, String key) {
        Object v = a.get(key);
        return v instanceof Number ? ((Number) v).intValue() : 0;
    }

    // activities

    private void launch(Map<String, Object> a) {
        ComponentName name = ComponentName.unflattenFromString(text(a, "component"));
        ActivityThread.ActivityClientRecord r = new ActivityThread.ActivityClientRecord();
        r.token = new Token(text(a, "token"));
        r.intent = Intents.read(a);
        r.stopped = r.paused = true;
        perform(r, name);
        if (r.activity.isFinishing()) {
            // Never started, it goes at once; else it stops when what comes instead is resumed, as the device says.
            if (r.stopped) lifecycle(r, "destroyed");
            return;
        }
        resume(r);
    }

    private void perform(ActivityThread.ActivityClientRecord r, ComponentName name) {
        Object label = Device.hello("label");
        try {
            r.activity = thread.mInstrumentation.newActivity(application.getClassLoader(), name.getClassName(), r.intent);
        } catch (Exception e) {
            throw new RuntimeException("Unable to instantiate activity ComponentInfo{" + name.flattenToString() + "}: " + e, e);
        }
        thread.mActivities.put(r.token, r);
        try {
            Context context = contexts.get();
            ContextImpl.getImpl(context).setOuterContext(r.activity);
            ActivityInfo info = new ActivityInfo();
            info.name = name.getClassName();
            info.packageName = Device.packageName();
            info.applicationInfo = application.getApplicationInfo();
            r.activity.attach(context, thread, thread.mInstrumentation, r.token, application, r.intent, info, label == null ? info.packageName : label.toString());
            thread.mInstrumentation.callActivityOnCreate(r.activity, null);
            state(r, "created");
            if (!r.activity.mFinished) {
                r.activity.performStart();
                state(r, "started");
                r.stopped = false;
            }
        } catch (Exception e) {
            throw new RuntimeException("Unable to start activity ComponentInfo{" + name.flattenToString() + "}: " + e, e);
        }
    }

    private void resume(ActivityThread.ActivityClientRecord r) {
        if (r.activity.mFinished) return;
        if (r.stopped) {
            r.activity.performRestart();
            r.activity.performStart();
            r.stopped = false;
        }
        r.paused = false;
        r.activity.performResume();
        if (r.activity.mFinished) return;
        if (shown.add((Token) r.token)) {
            WindowManager.LayoutParams l = r.activity.getWindow().getAttributes();
            l.type = WindowManager.LayoutParams.TYPE_BASE_APPLICATION;
            l.setTitle(r.activity.getComponentName().flattenToString());
            r.activity.getWindowManager().addView(r.activity.getWindow().getDecorView(), l);
        }
        state(r, "resumed");
    }

    private static void state(ActivityThread.ActivityClientRecord r, String state) {
        Device.call("activity.state", Map.of("token", r.token.toString(), "component", r.activity.getComponentName().flattenToString(), "state", state));
    }

    private void lifecycle(ActivityThread.ActivityClientRecord r, String to) {
        if (to.equals("resumed")) {
            resume(r);
            return;
        }
        if (!r.paused) {
            r.paused = true;
            thread.mInstrumentation.callActivityOnPause(r.activity);
            state(r, "paused");
        }
        if (to.equals("paused")) return;
        if (!r.stopped) {
            r.stopped = true;
            r.activity.performStop();
            state(r, "stopped");
        }
        if (to.equals("stopped")) return;
        thread.mActivities.remove(r.token);
        shown.remove(r.token);
        r.activity.performDestroy();
        WindowManagerGlobal.getInstance().closeAll(r.token);
        state(r, "destroyed");
    }

    private static void result(ActivityThread.ActivityClientRecord r, Map<String, Object> a) {
        Intent data = a.get("data") instanceof Map ? Intents.readData(a.get("data")) : null;
        r.activity.dispatchActivityResult(number(a, "code"), number(a, "result"), data);
    }

    private static void permissions(ActivityThread.ActivityClientRecord r, Map<String, Object> a) {
        List<?> names = (List<?>) a.get("permissions");
        List<?> grants = (List<?>) a.get("grants");
        Intent data = new Intent("android.content.pm.action.REQUEST_PERMISSIONS");
        data.putExtra("android.content.pm.extra.REQUEST_PERMISSIONS_NAMES", names.stream().map(String::valueOf).toArray(String[]::new));
        data.putExtra("android.content.pm.extra.REQUEST_PERMISSIONS_RESULTS", grants.stream().mapToInt(g -> ((Number) g).intValue()).toArray());
        r.activity.standinPermissionsResult(number(a, "code"), data);
    }

    // input

    private static ViewRootImpl root(int window) {
        for (ViewRootImpl r : WindowManagerGlobal.getInstance().standinRoots()) if (r.standinNumber() == window) return r;
        return null;
    }

    private static View view(int window, int node) {
        ViewRootImpl root = root(window);
        return root == null ? null : root.getView().standinFind(node);
    }

    private static void click(int window, int node, boolean held) {
        View view = view(window, node);
        android.view.MotionEvent up = android.view.MotionEvent.obtain(0, 0, android.view.MotionEvent.ACTION_UP, 0, 0, 0);
        up.standinTarget = () -> held ? view.standinPress(node) : view.standinTap(node);
        boolean done = view != null && root(window).getView().dispatchPointerEvent(up);
        Device.note("click", "window", window, "node", node, "handled", done);
    }

    private static void type(int window, int node, String text) {
        View view = view(window, node);
        if (view instanceof android.widget.TextView) ((android.widget.TextView) view).setText(text);
        if (view instanceof android.webkit.WebView) ((android.webkit.WebView) view).standinType(node, text);
    }

    private void key(int window, String key) {
        int code = android.view.KeyEvent.keyCodeFromString(key);
        List<ViewRootImpl> roots = WindowManagerGlobal.getInstance().standinRoots();
        ViewRootImpl root = window != 0 ? root(window) : roots.isEmpty() ? null : roots.get(roots.size() - 1);
        if (root != null && standin.Windows.key(root.getView(), code)) return;
        ActivityThread.ActivityClientRecord top = null;
        for (ActivityThread.ActivityClientRecord r : thread.mActivities.values()) if (!r.paused) top = r;
        for (int action : standin.Windows.ACTIONS) {
            if (top != null && (action == 0 || !top.activity.isFinishing())) top.activity.dispatchKeyEvent(new android.view.KeyEvent(action, code));
        }
    }
}
