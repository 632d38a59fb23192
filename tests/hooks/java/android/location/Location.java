package android.location;

/** A position as the platform hands it over. */
public class Location {
    private final double latitude, longitude;

    public Location(double latitude, double longitude) { this.latitude = latitude; this.longitude = longitude; }

    public double getLatitude() { return latitude; }

    public double getLongitude() { return longitude; }
}
