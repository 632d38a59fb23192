package com.example.exerciser;

import android.content.ComponentName;
import android.content.ServiceConnection;
import android.os.IBinder;

/** Hears of a bound service. */
class Connection implements ServiceConnection {
    @Override
    public void onServiceConnected(ComponentName name, IBinder binder) {}

    @Override
    public void onServiceDisconnected(ComponentName name) {}
}
