package android.app;

import android.content.ActivityNotFoundException;
import android.content.Context;
import android.content.Intent;
import android.os.Bundle;
import android.os.IBinder;
import android.os.PersistableBundle;
import java.util.LinkedHashMap;
import java.util.Map;
import standin.Device;
import standin.Intents;

public class Instrumentation {
    private ActivityThread mThread;

    /** Result of an activity that was answered at once. */
    public static final class ActivityResult {
        private final int mResultCode;
        private final Intent mResultData;

        public ActivityResult(int resultCode, Intent resultData) {
            mResultCode = resultCode;
            mResultData = resultData;
        }

        public int getResultCode() { return mResultCode; }
        public Intent getResultData() { return mResultData; }
    }

    final void basicInit(ActivityThread thread) { mThread = thread; }
    public void onCreate(Bundle arguments) {}
    public boolean onException(Object obj, Throwable e) { return false; }
    public boolean isInstrumenting() { return false; }
    public Context getTargetContext() { return mThread.mInitialApplication; }

    public Application newApplication(ClassLoader cl, String className, Context context)
            throws InstantiationException, IllegalAccessException, ClassNotFoundException {
        Application app = standin.Make.one(cl, className, Application.class);
        app.attach(context);
        return app;
    }

    public static Application newApplication(Class<?> clazz, Context context)
            throws InstantiationException, IllegalAccessException, ClassNotFoundException {
        Application app = standin.Make.one(clazz.getClassLoader(), clazz.getName(), Application.class);
        app.attach(context);
        return app;
    }

    public void callApplicationOnCreate(Application app) { app.onCreate(); }

    public Activity newActivity(ClassLoader cl, String className, Intent intent)
            throws InstantiationException, IllegalAccessException, ClassNotFoundException {
        return standin.Make.one(cl, className, Activity.class);
    }

    public void callActivityOnCreate(Activity activity, Bundle icicle) { activity.performCreate(icicle); }
    public void callActivityOnCreate(Activity activity, Bundle icicle, PersistableBundle persistentState) { activity.performCreate(icicle); }
    public void callActivityOnDestroy(Activity activity) { activity.onDestroy(); }
    public void callActivityOnNewIntent(Activity activity, Intent intent) { activity.onNewIntent(intent); }
    public void callActivityOnStart(Activity activity) { activity.onStart(); }
    public void callActivityOnRestart(Activity activity) { activity.onRestart(); }
    public void callActivityOnResume(Activity activity) { activity.onResume(); }
    public void callActivityOnStop(Activity activity) { activity.onStop(); }
    public void callActivityOnPause(Activity activity) { activity.performPause(); }
    public void callActivityOnPostCreate(Activity activity, Bundle icicle) { activity.onPostCreate(icicle); }

    public ActivityResult execStartActivity(Context who, IBinder contextThread, IBinder token, Activity target, Intent intent, int requestCode, Bundle options) {
        Map<String, Object> a = Intents.write(intent);
        a.put("token", token == null ? "" : token.toString());
        a.put("code", requestCode);
        Object result = Device.call("activity.start", a);
        checkStartActivityResult(result instanceof Number ? ((Number) result).intValue() : 0, intent);
        return null;
    }

    /** For starts that a part of the activity made, named by {@code target}: permission requests among them. */
    public ActivityResult execStartActivity(Context who, IBinder contextThread, IBinder token, String target, Intent intent, int requestCode, Bundle options) {
        String[] names = intent.getStringArrayExtra("android.content.pm.extra.REQUEST_PERMISSIONS_NAMES");
        if (!"android.content.pm.action.REQUEST_PERMISSIONS".equals(intent.getAction()) || names == null) {
            return execStartActivity(who, contextThread, token, (Activity) null, intent, requestCode, options);
        }
        Device.note("permission_call", "permissions", names, "caller", Device.caller());
        Device.call("perm.request", Map.of("activity", token.toString(), "permissions", names, "code", requestCode));
        return null;
    }

    public static void checkStartActivityResult(int res, Object intent) {
        if (res >= 0) return;
        Intent i = (Intent) intent;
        if (i.getComponent() != null) {
            throw new ActivityNotFoundException("Unable to find explicit activity class " + i.getComponent().toShortString()
                    + "; have you declared this activity in your AndroidManifest.xml, or does your intent not match its declared <intent-filter>?");
        }
        throw new ActivityNotFoundException("No Activity found to handle " + intent);
    }
}
