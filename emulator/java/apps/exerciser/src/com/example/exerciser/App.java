package com.example.exerciser;

import android.app.Application;

/** Loads what the app overrides of the platform before anything is called. */
public class App extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        Own.load();
    }
}
