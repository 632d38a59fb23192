package com.android.internal.os;

import android.app.ActivityThread;
import standin.Launcher;

/** First class of an app process, so that below the app's code the main thread has frames of the platform only, as on a phone. */
public final class ZygoteInit {
    private ZygoteInit() {}

    public static void main(String[] args) throws Exception {
        ActivityThread.standinMain(Launcher.prepare(() -> ActivityThread.standinAttach()::standinPost));
    }
}
