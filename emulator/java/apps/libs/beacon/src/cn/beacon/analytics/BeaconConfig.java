package cn.beacon.analytics;

/** What the library may read. Everything is on unless the host app says otherwise. */
public final class BeaconConfig {
    boolean deviceIds = true;
    boolean installedApps = true;
    boolean heartbeat = true;

    /** Hardware identifiers: IMEI and MAC. */
    public BeaconConfig deviceIds(boolean on) {
        deviceIds = on;
        return this;
    }

    /** The list of installed apps. */
    public BeaconConfig installedApps(boolean on) {
        installedApps = on;
        return this;
    }

    /** A report every 5 seconds, in the background too. */
    public BeaconConfig heartbeat(boolean on) {
        heartbeat = on;
        return this;
    }
}
