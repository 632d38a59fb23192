package com.example.probe;

import android.app.Activity;
import android.app.Application;
import android.os.Bundle;
import android.util.Log;

public class ProbeApp extends Application {
    @Override public void onCreate() {
        super.onCreate();
        Log.i("probe", "application " + getProcessName());
        registerActivityLifecycleCallbacks(new ActivityLifecycleCallbacks() {
            private int started;
            private void log(Activity a, String what) { Log.i("stages", a.getClass().getSimpleName() + " " + what); }
            @Override public void onActivityCreated(Activity a, Bundle state) { log(a, "created"); }
            @Override public void onActivityStarted(Activity a) { started++; log(a, "started " + started); }
            @Override public void onActivityResumed(Activity a) { log(a, "resumed"); }
            @Override public void onActivityPaused(Activity a) { log(a, "paused"); }
            @Override public void onActivityStopped(Activity a) { started--; log(a, "stopped " + started); }
            @Override public void onActivitySaveInstanceState(Activity a, Bundle state) {}
            @Override public void onActivityDestroyed(Activity a) { log(a, "destroyed"); }
        });
    }
}
