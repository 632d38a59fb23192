package com.example.exerciser;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

/** A service that does nothing. */
public class Idle extends Service {
    @Override
    public void onCreate() {
        super.onCreate();
        startForeground(1, new android.app.Notification());
    }

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
