package com.google.android.gms.location;

import android.app.PendingIntent;
import android.location.Location;
import android.location.LocationManager;
import android.os.Handler;
import android.os.Looper;
import com.google.android.gms.tasks.CancellationToken;
import com.google.android.gms.tasks.Task;
import com.google.android.gms.tasks.TaskImpl;
import standin.Device;
import standin.Later;
import standin.Read;

/** The client of the library, whose name there is an obfuscated one; the service knows the place. */
public class FusedLocationProviderClientImpl implements FusedLocationProviderClient {
    private static final String CLS = "com.google.android.gms.location.FusedLocationProviderClient";

    private static Location place(String method) {
        Read.need("location", CLS, method, "android.permission.ACCESS_COARSE_LOCATION", "android.permission.ACCESS_FINE_LOCATION");
        return LocationManager.now("fused");
    }

    private static Task<Location> later(String method) {
        Location place = place(method);
        Device.truth("location", CLS, method, "value");
        return TaskImpl.of(place);
    }

    @Override
    public Task<Location> getLastLocation() {
        return later("getLastLocation");
    }

    @Override
    public Task<Location> getCurrentLocation(int priority, CancellationToken token) {
        return later("getCurrentLocation");
    }

    @Override
    public Task<Location> getCurrentLocation(CurrentLocationRequest request, CancellationToken token) {
        return later("getCurrentLocation");
    }

    @Override
    public Task<Void> requestLocationUpdates(LocationRequest request, PendingIntent intent) {
        place("requestLocationUpdates");
        Device.truth("location", CLS, "requestLocationUpdates", "value");
        return TaskImpl.of(null);
    }

    /** One result; a device that does not move has no further ones. */
    @Override
    public Task<Void> requestLocationUpdates(LocationRequest request, LocationCallback callback, Looper looper) {
        Location place = place("requestLocationUpdates");
        Device.truth("location", CLS, "requestLocationUpdates", "value");
        Handler handler = new Handler(looper == null ? Looper.getMainLooper() : looper);
        if (place != null) Later.binder(() -> handler.post(() -> callback.onLocationResult(LocationResult.create(place))));
        return TaskImpl.of(null);
    }
}
