package io.pushwave.client;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/** Starts the channel with the device. */
public final class BootReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        PushWave.init(context, false);
    }
}
