package com.example.sdkhost;

import android.app.Application;
import android.os.Handler;
import android.os.Looper;

/** An app that does nothing but call a library as its plan says. */
public final class HostApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            Outcome.stopped(this, thread.getName(), error);
            if (thread == Looper.getMainLooper().getThread() && before != null) {
                before.uncaughtException(thread, error);
            }
        });
        // What the library posts to the main thread must not end the session: it is written down instead.
        new Handler(Looper.getMainLooper()).post(this::loop);
        Plan.read(this).run(this, "early", null);
    }

    private void loop() {
        while (true) {
            try {
                Looper.loop();
                return;
            } catch (Throwable error) {
                Outcome.stopped(this, "main", error);
            }
        }
    }
}
