package com.example.exerciser;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/** Hears one broadcast of the app's own. */
public class Heard extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        Out.call("receiver", "natural", () -> Out.VOID);
    }
}
