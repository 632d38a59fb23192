package com.quickmap.loc;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/** Hears the library's own broadcast. */
public final class OwnReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {}
}
