package cn.beacon.analytics;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;

/** Beacon Analytics (a made-up company): counts events, and knows the device it counts on. */
public final class Beacon {
    private static final long BEAT_MS = 5_000;
    private static Context context;
    private static BeaconConfig config;
    private static DeviceProfile profile;
    private static boolean running;
    private static final Runnable BEAT = new Runnable() {
        @Override
        public void run() {
            if (!running) {
                return;
            }
            Uploader.send(profile.event("heartbeat", DeviceProfile.androidId(context)), null);
            new Handler(Looper.getMainLooper()).postDelayed(this, BEAT_MS);
        }
    };

    private Beacon() {}

    /** Reads the device's profile, reports the launch and, unless switched off, reports every 5 seconds. */
    public static synchronized void start(Context appContext, BeaconConfig options) {
        if (running) {
            return;
        }
        running = true;
        context = appContext;
        config = options;
        profile = DeviceProfile.read(appContext, options);
        Uploader.send(profile.event("launch", profile.androidId), "launch");
        if (config.heartbeat) {
            new Handler(Looper.getMainLooper()).postDelayed(BEAT, BEAT_MS);
        }
    }

    /** Reports one event; nothing before {@link #start} and after {@link #stop}. */
    public static synchronized void event(String name) {
        if (running) {
            Uploader.send(profile.event(name, profile.androidId), name);
        }
    }

    /** Ends every report until the next {@link #start}. */
    public static synchronized void stop() {
        running = false;
        new Handler(Looper.getMainLooper()).removeCallbacks(BEAT);
    }
}
