package aosp;

import android.location.ILocationListener;
import android.location.LastLocationRequest;
import android.location.Location;
import android.location.LocationRequest;
import android.os.ICancellationSignal;
import android.os.RemoteException;
import android.os.SystemClock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.json.JSONObject;

/** ILocationManager: the device does not move, and tells a new listener so at once, from a thread of the service's. */
final class Locations {
    private static Location here(String provider) {
        JSONObject state = State.object("location");
        Location found = new Location(provider);
        found.setLatitude(state.optDouble("latitude"));
        found.setLongitude(state.optDouble("longitude"));
        found.setAltitude(state.optDouble("altitude"));
        found.setAccuracy((float) state.optDouble("accuracy"));
        found.setTime(System.currentTimeMillis());
        found.setElapsedRealtimeNanos(SystemClock.elapsedRealtimeNanos());
        return found;
    }

    public Location getLastLocation(String provider, LastLocationRequest request, String caller, String tag) {
        return here(provider);
    }

    public ICancellationSignal getCurrentLocation(String provider, LocationRequest request, android.location.ILocationCallback callback,
            String caller, String tag, String id) {
        tell(() -> callback.onLocation(here(provider)));
        return null;
    }

    public void registerLocationListener(String provider, LocationRequest request, ILocationListener listener, String caller, String tag, String id) {
        tell(() -> listener.onLocationChanged(Collections.singletonList(here(provider)), null));
    }

    public void unregisterLocationListener(ILocationListener listener) {}

    public boolean isLocationEnabledForUser(int user) {
        return State.object("location").optBoolean("enabled");
    }

    public boolean isProviderEnabledForUser(String provider, int user) {
        return true;
    }

    public boolean hasProvider(String provider) {
        return getAllProviders().contains(provider);
    }

    public List<String> getAllProviders() {
        List<String> found = new ArrayList<>();
        Collections.addAll(found, "gps", "network", "passive");
        return found;
    }

    public List<String> getProviders(android.location.Criteria criteria, boolean enabled) {
        return getAllProviders();
    }

    public String getBestProvider(android.location.Criteria criteria, boolean enabled) {
        return "gps";
    }

    private interface Call {
        void run() throws RemoteException;
    }

    private static void tell(Call call) {
        new Thread(() -> {
            Natives.serve();
            try {
                call.run();
            } catch (RemoteException gone) {
                throw gone.rethrowFromSystemServer();
            }
        }, "binder:location").start();
    }
}
