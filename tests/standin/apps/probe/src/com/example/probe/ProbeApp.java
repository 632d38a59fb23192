package com.example.probe;

import android.app.Application;
import android.util.Log;

public class ProbeApp extends Application {
    @Override public void onCreate() {
        super.onCreate();
        Log.i("probe", "application " + getProcessName());
    }
}
