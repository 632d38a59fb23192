package android.location;

import java.util.Locale;

public class Address {
    private final Locale locale;
    private String line;
    private double latitude;
    private double longitude;

    public Address(Locale locale) {
        this.locale = locale;
    }

    public Locale getLocale() {
        return locale;
    }

    public void setAddressLine(int index, String text) {
        line = text;
    }

    public String getAddressLine(int index) {
        return line;
    }

    public void setLatitude(double value) {
        latitude = value;
    }

    public double getLatitude() {
        return latitude;
    }

    public void setLongitude(double value) {
        longitude = value;
    }

    public double getLongitude() {
        return longitude;
    }
}
