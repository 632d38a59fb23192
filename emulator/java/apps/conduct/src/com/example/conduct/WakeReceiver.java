package com.example.conduct;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/** Woken by an alarm. */
public final class WakeReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {}
}
