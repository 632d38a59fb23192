package android.location;

import android.os.Bundle;
import android.os.Parcel;
import android.os.Parcelable;
import android.os.SystemClock;

public class Location implements Parcelable {
    public static final int FORMAT_DEGREES = 0;
    public static final Parcelable.Creator<Location> CREATOR = new Parcelable.Creator<Location>() {
        @Override
        public Location createFromParcel(Parcel in) {
            Location made = new Location(in.readString());
            made.latitude = in.readDouble();
            made.longitude = in.readDouble();
            made.altitude = in.readDouble();
            made.accuracy = in.readFloat();
            made.time = in.readLong();
            return made;
        }

        @Override
        public Location[] newArray(int size) {
            return new Location[size];
        }
    };
    private String provider;
    private double latitude;
    private double longitude;
    private double altitude;
    private float accuracy;
    private float speed;
    private float bearing;
    private long time = System.currentTimeMillis();
    private long elapsed = SystemClock.elapsedRealtimeNanos();
    private Bundle extras;

    public Location(String provider) {
        this.provider = provider;
    }

    public Location(Location other) {
        set(other);
    }

    /** Metres between two places, on a sphere (results[0]), and the first and last bearing in degrees. */
    public static void distanceBetween(double startLat, double startLon, double endLat, double endLon, float[] results) {
        if (results == null || results.length < 1) throw new IllegalArgumentException("results is null or has length < 1");
        double a = Math.toRadians(startLat), b = Math.toRadians(endLat), turn = Math.toRadians(endLon - startLon);
        double half = Math.pow(Math.sin((b - a) / 2), 2) + Math.cos(a) * Math.cos(b) * Math.pow(Math.sin(turn / 2), 2);
        results[0] = (float) (2 * 6371008.8 * Math.asin(Math.min(1, Math.sqrt(half))));
        double bearing = Math.atan2(Math.sin(turn) * Math.cos(b), Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(turn));
        for (int i = 1; i < Math.min(results.length, 3); i++) results[i] = (float) Math.toDegrees(bearing);
    }

    public void set(Location other) {
        provider = other.provider;
        latitude = other.latitude;
        longitude = other.longitude;
        altitude = other.altitude;
        accuracy = other.accuracy;
        speed = other.speed;
        bearing = other.bearing;
        time = other.time;
        elapsed = other.elapsed;
        extras = other.extras;
    }

    public String getProvider() {
        return provider;
    }

    public double getLatitude() {
        return latitude;
    }

    public void setLatitude(double value) {
        latitude = value;
    }

    public double getLongitude() {
        return longitude;
    }

    public void setLongitude(double value) {
        longitude = value;
    }

    public double getAltitude() {
        return altitude;
    }

    public void setAltitude(double value) {
        altitude = value;
    }

    public float getAccuracy() {
        return accuracy;
    }

    public void setAccuracy(float value) {
        accuracy = value;
    }

    public boolean hasAltitude() {
        return altitude != 0;
    }

    public boolean hasSpeed() {
        return speed > 0;
    }

    public boolean hasBearing() {
        return bearing > 0;
    }

    public boolean hasElapsedRealtimeUncertaintyNanos() {
        return false;
    }

    public boolean hasAccuracy() {
        return accuracy > 0;
    }

    public float getSpeed() {
        return speed;
    }

    public float getBearing() {
        return bearing;
    }

    public float getVerticalAccuracyMeters() {
        return accuracy;
    }

    public float getSpeedAccuracyMetersPerSecond() {
        return 0;
    }

    public float getBearingAccuracyDegrees() {
        return 0;
    }

    public long getTime() {
        return time;
    }

    public void setTime(long value) {
        time = value;
    }

    public long getElapsedRealtimeNanos() {
        return elapsed;
    }

    public Bundle getExtras() {
        return extras;
    }

    public void setExtras(Bundle value) {
        extras = value;
    }

    @Deprecated
    public boolean isFromMockProvider() {
        return false;
    }

    public boolean isMock() {
        return false;
    }

    public float distanceTo(Location other) {
        double a = Math.toRadians(latitude);
        double b = Math.toRadians(other.latitude);
        double h = Math.pow(Math.sin((b - a) / 2), 2)
                + Math.cos(a) * Math.cos(b) * Math.pow(Math.sin(Math.toRadians(other.longitude - longitude) / 2), 2);
        return (float) (2 * 6371008.8 * Math.asin(Math.sqrt(h)));
    }

    @Override
    public int describeContents() {
        return 0;
    }

    @Override
    public void writeToParcel(Parcel dest, int flags) {
        dest.writeString(provider);
        dest.writeDouble(latitude);
        dest.writeDouble(longitude);
        dest.writeDouble(altitude);
        dest.writeFloat(accuracy);
        dest.writeLong(time);
    }
    public float bearingTo(Location dest) {
        double a = Math.toRadians(getLatitude());
        double b = Math.toRadians(dest.getLatitude());
        double d = Math.toRadians(dest.getLongitude() - getLongitude());
        return (float) Math.toDegrees(Math.atan2(Math.sin(d) * Math.cos(b), Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(d)));
    }
}
