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
        public void release(int flags) { release(); }
        public void setWorkSource(WorkSource source) {}
        public boolean isHeld() { return held; }
        public void setReferenceCounted(boolean value) {}
    }
    public static final int THERMAL_STATUS_NONE = 0;

    public interface OnThermalStatusChangedListener {
        void onThermalStatusChanged(int status);
    }

    public boolean isDeviceIdleMode() { return false; }
    public boolean isDeviceLightIdleMode() { return false; }
    public boolean isWakeLockLevelSupported(int level) { return level == PARTIAL_WAKE_LOCK; }
    public boolean isSustainedPerformanceModeSupported() { return false; }
    public int getLocationPowerSaveMode() { return 0; }
    public int getCurrentThermalStatus() { return THERMAL_STATUS_NONE; }
    public float getThermalHeadroom(int seconds) { return 0.1f; }
    public void addThermalStatusListener(OnThermalStatusChangedListener listener) { standin.Later.on(null).post(() -> listener.onThermalStatusChanged(THERMAL_STATUS_NONE)); }
    public void addThermalStatusListener(java.util.concurrent.Executor executor, OnThermalStatusChangedListener listener) { standin.Later.binder(() -> executor.execute(() -> listener.onThermalStatusChanged(THERMAL_STATUS_NONE))); }
    public void removeThermalStatusListener(OnThermalStatusChangedListener listener) {}
}
