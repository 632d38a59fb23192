package android.location;

public final class LocationRequest {
    public static final int QUALITY_HIGH_ACCURACY = 100;
    public static final int QUALITY_BALANCED_POWER_ACCURACY = 102;
    private final long interval;

    private LocationRequest(long interval) {
        this.interval = interval;
    }

    public long getIntervalMillis() {
        return interval;
    }

    public static final class Builder {
        private final long interval;

        public Builder(long intervalMillis) {
            interval = intervalMillis;
        }

        public Builder setQuality(int quality) {
            return this;
        }

        public LocationRequest build() {
            return new LocationRequest(interval);
        }
    }
}
