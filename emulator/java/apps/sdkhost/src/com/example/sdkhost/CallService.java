package com.example.sdkhost;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

/** Makes the calls of a list in a separate process. */
public final class CallService extends Service {
    static final String LIST = "list";

    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        if (intent != null) {
            Plan.read(this).run(this, intent.getStringExtra(LIST), null);
        }
        return START_NOT_STICKY;
    }

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
