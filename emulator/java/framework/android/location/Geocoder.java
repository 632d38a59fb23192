package android.location;

import android.content.Context;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import standin.Device;
import standin.Later;

public final class Geocoder {
    private static final String CLS = "android.location.Geocoder";
    private final Locale locale;

    public Geocoder(Context context) {
        this(context, Locale.getDefault());
    }

    public Geocoder(Context context, Locale locale) {
        this.locale = locale;
    }

    public interface GeocodeListener {
        void onGeocode(List<Address> addresses);

        default void onError(String errorMessage) {}
    }

    public static boolean isPresent() {
        return true;
    }

    private Address at(double latitude, double longitude) {
        Address one = new Address(locale);
        one.setLatitude(latitude);
        one.setLongitude(longitude);
        one.setAddressLine(0, Device.getString("location.address"));
        return one;
    }

    @Deprecated
    public List<Address> getFromLocation(double latitude, double longitude, int maxResults) throws IOException {
        Device.truth("location", CLS, "getFromLocation", "value");
        return List.of(at(latitude, longitude));
    }

    public void getFromLocation(double latitude, double longitude, int maxResults, GeocodeListener listener) {
        Device.truth("location", CLS, "getFromLocation", "value");
        Later.binder(() -> listener.onGeocode(List.of(at(latitude, longitude))));
    }

    @Deprecated
    public List<Address> getFromLocationName(String locationName, int maxResults) throws IOException {
        Device.truth("location", CLS, "getFromLocationName", "empty");
        return List.of();
    }

    public void getFromLocationName(String locationName, int maxResults, GeocodeListener listener) {
        Device.truth("location", CLS, "getFromLocationName", "empty");
        Later.binder(() -> listener.onGeocode(List.of()));
    }
}
