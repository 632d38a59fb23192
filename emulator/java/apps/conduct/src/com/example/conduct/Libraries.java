package com.example.conduct;

import android.content.Context;
import cn.beacon.analytics.Beacon;
import cn.beacon.analytics.BeaconConfig;
import io.pushwave.client.PushWave;

/** The embedded libraries. */
final class Libraries {
    private Libraries() {}

    static void statistics(Context context) {
        Beacon.start(context, new BeaconConfig().deviceIds(false).installedApps(false).heartbeat(false));
    }

    static void push(Context context) {
        PushWave.init(context.getApplicationContext(), false);
    }
}
