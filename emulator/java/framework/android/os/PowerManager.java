package android.os;

public final class PowerManager {
    public static final int PARTIAL_WAKE_LOCK = 1;

    public PowerManager(android.content.Context context) {}

    public boolean isInteractive() { return true; }
    public boolean isScreenOn() { return true; }
    public boolean isPowerSaveMode() { return false; }
    public boolean isIgnoringBatteryOptimizations(String packageName) { return false; }

    public WakeLock newWakeLock(int level, String tag) { return new WakeLock(); }

    public static final class WakeLock {
        private boolean held;

        public void acquire() { held = true; }
        public void acquire(long timeout) { held = true; }
        public void release() { held = false; }
        public boolean isHeld() { return held; }
        public void setReferenceCounted(boolean value) {}
    }
}
