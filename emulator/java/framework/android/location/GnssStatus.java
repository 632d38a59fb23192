package android.location;

public final class GnssStatus {
    public int getSatelliteCount() {
        return 0;
    }

    public abstract static class Callback {
        public void onStarted() {}

        public void onStopped() {}

        public void onSatelliteStatusChanged(GnssStatus status) {}
    }
}
