package android.location;

import android.os.Bundle;
import java.util.List;

public interface LocationListener {
    void onLocationChanged(Location location);

    default void onLocationChanged(List<Location> locations) {
        for (Location one : locations) onLocationChanged(one);
    }

    default void onProviderEnabled(String provider) {}

    default void onProviderDisabled(String provider) {}

    @Deprecated
    default void onStatusChanged(String provider, int status, Bundle extras) {}
}
