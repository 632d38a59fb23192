package android.telephony;

public abstract class CellInfo {
    private final boolean registered;

    CellInfo(boolean registered) {
        this.registered = registered;
    }

    public boolean isRegistered() {
        return registered;
    }

    /** Nanoseconds since boot. */
    public long getTimeStamp() {
        return android.os.SystemClock.elapsedRealtimeNanos();
    }

    public abstract CellIdentity getCellIdentity();

    public abstract CellSignalStrength getCellSignalStrength();
}
