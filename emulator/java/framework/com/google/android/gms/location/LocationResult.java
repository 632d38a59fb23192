package com.google.android.gms.location;

import android.location.Location;
import java.util.List;

public final class LocationResult {
    private final List<Location> locations;

    private LocationResult(List<Location> given) {
        locations = given;
    }

    public static LocationResult create(Location place) {
        return new LocationResult(List.of(place));
    }

    public Location getLastLocation() {
        return locations.get(locations.size() - 1);
    }

    public List<Location> getLocations() {
        return locations;
    }
}
