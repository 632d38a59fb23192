package com.google.android.gms.location;

import android.app.PendingIntent;
import android.location.Location;
import android.os.Looper;
import com.google.android.gms.tasks.CancellationToken;
import com.google.android.gms.tasks.Task;

public interface FusedLocationProviderClient {
    Task<Location> getLastLocation();

    Task<Location> getCurrentLocation(int priority, CancellationToken token);

    Task<Location> getCurrentLocation(CurrentLocationRequest request, CancellationToken token);

    Task<Void> requestLocationUpdates(LocationRequest request, PendingIntent intent);

    Task<Void> requestLocationUpdates(LocationRequest request, LocationCallback callback, Looper looper);
}
