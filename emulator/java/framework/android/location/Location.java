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
}
