package com.example.conduct;

import android.os.Handler;
import android.os.Looper;

/** Things that happen without a touch. */
final class Later {
    private static final Handler MAIN = new Handler(Looper.getMainLooper());

    private Later() {}

    static void after(double seconds, Runnable task) {
        MAIN.postDelayed(task, (long) (seconds * 1000));
    }
}
