package com.example.probe;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;
import android.util.Log;

public class PushService extends Service {
    @Override public int onStartCommand(Intent intent, int flags, int id) {
        Log.i("probe", "push in " + android.app.Application.getProcessName());
        return START_STICKY;
    }
    @Override public IBinder onBind(Intent intent) { return null; }
}
