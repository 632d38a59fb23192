package android.location;

import android.app.PendingIntent;
import android.content.Context;
import android.os.CancellationSignal;
import android.os.Handler;
import android.os.IRemoteCallback;
import android.os.Looper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import standin.Listeners;
import standin.Device;
import standin.Later;
import standin.Read;

/** Location: coarse permission gives coordinates on a grid of about two kilometres, as "approximate" does. */
public class LocationManager {
    public static final String GPS_PROVIDER = "gps";
    public static final String NETWORK_PROVIDER = "network";
    public static final String PASSIVE_PROVIDER = "passive";
    public static final String FUSED_PROVIDER = "fused";
    public static final String KEY_LOCATION_CHANGED = "location";
    private static final String CLS = "android.location.LocationManager";
    private static final String FINE = "android.permission.ACCESS_FINE_LOCATION";
    private static final String COARSE = "android.permission.ACCESS_COARSE_LOCATION";
    private static final Map<LocationListener, LocationListenerTransport> ACTIVE = new ConcurrentHashMap<>();

    public LocationManager(Context context) {}

    private static void allowed(String method, String provider) {
        if (provider == null) throw new IllegalArgumentException("invalid null provider");
        if (Device.hasPermission(FINE) || Device.hasPermission(COARSE)) return;
        throw Read.refuse("location", CLS, method, "uid " + Device.uid() + " does not have any of " + COARSE + ", " + FINE + ".");
    }

    private static Location fix(String provider, Map<String, ?> from) {
        if (!Device.getBoolean("location.enabled", true) || from.get("latitude") == null) return null;
        boolean fine = Device.hasPermission(FINE);
        Location place = new Location(provider);
        place.setLatitude(rounded(Read.real(from.get("latitude"), 0), fine));
        place.setLongitude(rounded(Read.real(from.get("longitude"), 0), fine));
        place.setAccuracy(fine ? (float) Read.real(from.get("accuracy"), 10) : 2000f);
        place.setAltitude(fine ? Read.real(from.get("altitude"), 0) : 0);
        Object time = from.get("time");
        if (time instanceof Number) place.setTime(((Number) time).longValue());
        return place;
    }

    private static double rounded(double degrees, boolean fine) {
        return fine ? degrees : Math.round(degrees * 50) / 50.0;
    }

    /** Hidden: what the service answers. Null in the background without the permission for it. */
    @SuppressWarnings("unchecked")
    public static Location now(String provider) {
        Object place = Device.call("location.now", Map.of());
        return place instanceof Map ? fix(provider, (Map<String, ?>) place) : null;
    }

    public Location getLastKnownLocation(String provider) {
        return getLastKnownLocation(provider, new LastLocationRequest());
    }

    /** Hidden in the public API. */
    public Location getLastKnownLocation(String provider, LastLocationRequest request) {
        allowed("getLastKnownLocation", provider);
        return Read.give("location", CLS, "getLastKnownLocation", now(provider));
    }

    public void getCurrentLocation(String provider, CancellationSignal cancel, Executor executor, Consumer<Location> consumer) {
        current(provider, cancel, executor, consumer);
    }

    public void getCurrentLocation(
            String provider, LocationRequest request, CancellationSignal cancel, Executor executor, Consumer<Location> consumer) {
        current(provider, cancel, executor, consumer);
    }

    private static void current(String provider, CancellationSignal cancel, Executor executor, Consumer<Location> consumer) {
        allowed("getCurrentLocation", provider);
        Location place = Read.give("location", CLS, "getCurrentLocation", now(provider));
        GetCurrentLocationTransport transport = new GetCurrentLocationTransport(executor, consumer);
        if (cancel != null) cancel.setOnCancelListener(transport);
        Later.binder(() -> transport.onLocation(place));
    }

    /** Hidden: the framework's side of one request. */
    private static class GetCurrentLocationTransport implements CancellationSignal.OnCancelListener {
        private final Executor executor;
        private volatile Consumer<Location> consumer;

        GetCurrentLocationTransport(Executor executor, Consumer<Location> consumer) {
            this.executor = executor;
            this.consumer = consumer;
        }

        @Override
        public void onCancel() {
            consumer = null;
        }

        /** Called by the service, on a thread of its own; the consumer has its executor's. */
        public void onLocation(Location location) {
            Device.truth("location", CLS + "$GetCurrentLocationTransport", "onLocation", location == null ? "null" : "value");
            executor.execute(() -> {
                Consumer<Location> asked = consumer;
                consumer = null;
                if (asked != null) asked.accept(location);
            });
        }
    }

    public void requestLocationUpdates(String provider, long minTimeMs, float minDistanceM, LocationListener listener) {
        requestLocationUpdates(provider, minTimeMs, minDistanceM, listener, null);
    }

    public void requestLocationUpdates(String provider, long minTimeMs, float minDistanceM, LocationListener listener, Looper looper) {
        Handler handler = new Handler(looper == null ? Looper.getMainLooper() : looper);
        start(provider, minTimeMs, handler::post, listener, false, "requestLocationUpdates");
    }

    public void requestLocationUpdates(
            String provider, long minTimeMs, float minDistanceM, Executor executor, LocationListener listener) {
        start(provider, minTimeMs, executor, listener, false, "requestLocationUpdates");
    }

    public void requestLocationUpdates(String provider, LocationRequest request, Executor executor, LocationListener listener) {
        start(provider, request.getIntervalMillis(), executor, listener, false, "requestLocationUpdates");
    }

    public void requestLocationUpdates(long minTimeMs, float minDistanceM, Criteria criteria, LocationListener listener, Looper looper) {
        requestLocationUpdates(GPS_PROVIDER, minTimeMs, minDistanceM, listener, looper);
    }

    public void requestLocationUpdates(long minTimeMs, float minDistanceM, Criteria criteria, Executor executor, LocationListener listener) {
        requestLocationUpdates(GPS_PROVIDER, minTimeMs, minDistanceM, executor, listener);
    }

    public void requestLocationUpdates(String provider, long minTimeMs, float minDistanceM, PendingIntent intent) {
        allowed("requestLocationUpdates", provider);
        Device.truth("location", CLS, "requestLocationUpdates", "value");
    }

    @Deprecated
    public void requestSingleUpdate(String provider, LocationListener listener, Looper looper) {
        Handler handler = new Handler(looper == null ? Looper.getMainLooper() : looper);
        start(provider, 1000, handler::post, listener, true, "requestSingleUpdate");
    }

    @Deprecated
    public void requestSingleUpdate(Criteria criteria, LocationListener listener, Looper looper) {
        requestSingleUpdate(GPS_PROVIDER, listener, looper);
    }

    private static void start(
            String provider, long interval, Executor executor, LocationListener listener, boolean once, String method) {
        allowed(method, provider);
        if (listener == null) throw new IllegalArgumentException("invalid null listener");
        Device.truth("location", CLS, method, "value");
        LocationListenerTransport transport = new LocationListenerTransport(provider, executor, listener, once);
        LocationListenerTransport earlier = ACTIVE.put(listener, transport);
        if (earlier != null) earlier.end();
        transport.begin(interval);
    }

    public void removeUpdates(LocationListener listener) {
        LocationListenerTransport transport = ACTIVE.remove(listener);
        if (transport != null) transport.end();
    }

    public void removeUpdates(PendingIntent intent) {}

    /** Hidden: the framework's side of one registration. */
    static class LocationListenerTransport {
        private final String provider;
        private final Executor executor;
        private final LocationListener listener;
        private final boolean once;
        private int number;

        LocationListenerTransport(String provider, Executor executor, LocationListener listener, boolean once) {
            this.provider = provider;
            this.executor = executor;
            this.listener = listener;
            this.once = once;
        }

        void begin(long interval) {
            number = Listeners.add(this::arrived);
            Map<String, Object> a = new HashMap<>();
            a.put("listener", number);
            a.put("provider", provider);
            a.put("interval", interval);
            Device.call("location.request", a);
        }

        void end() {
            Listeners.remove(number);
            Device.call("location.remove", Map.of("listener", number));
        }

        private void arrived(Map<String, Object> event) {
            Location place = ACTIVE.get(listener) == this ? fix(provider, event) : null;
            if (place != null) onLocationChanged(List.of(place), null);
        }

        /** Called by the service, on a thread of its own; the listener has its executor's. */
        public void onLocationChanged(List<Location> locations, IRemoteCallback done) {
            Device.truth("location", CLS + "$LocationListenerTransport", "onLocationChanged", "value");
            executor.execute(() -> {
                if (ACTIVE.get(listener) != this) return;
                if (once && ACTIVE.remove(listener, this)) end();
                listener.onLocationChanged(locations);
            });
        }
    }

    public boolean isProviderEnabled(String provider) {
        return isLocationEnabled();
    }

    public boolean isLocationEnabled() {
        return Device.getBoolean("location.enabled", true);
    }

    public List<String> getProviders(boolean enabledOnly) {
        return List.of(PASSIVE_PROVIDER, NETWORK_PROVIDER, GPS_PROVIDER);
    }

    public List<String> getAllProviders() {
        return getProviders(false);
    }

    @Deprecated
    public String getBestProvider(Criteria criteria, boolean enabledOnly) {
        return GPS_PROVIDER;
    }

    @Deprecated
    public LocationProvider getProvider(String name) {
        return getAllProviders().contains(name) ? new LocationProvider(name) : null;
    }

    public void addProximityAlert(double latitude, double longitude, float radius, long expiration, PendingIntent intent) {
        allowed("addProximityAlert", PASSIVE_PROVIDER);
        Device.truth("location", CLS, "addProximityAlert", "value");
    }

    public boolean registerGnssStatusCallback(GnssStatus.Callback callback) {
        return registerGnssStatusCallback(callback, null);
    }

    public boolean registerGnssStatusCallback(GnssStatus.Callback callback, Handler handler) {
        Read.need("location", CLS, "registerGnssStatusCallback", FINE);
        Device.truth("location", CLS, "registerGnssStatusCallback", "value");
        return true;
    }

    public void unregisterGnssStatusCallback(GnssStatus.Callback callback) {}

    public boolean addNmeaListener(OnNmeaMessageListener listener, Handler handler) {
        Read.need("location", CLS, "addNmeaListener", FINE);
        Device.truth("location", CLS, "addNmeaListener", "value");
        return true;
    }

    public String getGnssHardwareModelName() {
        return "standin";
    }

    public int getGnssYearOfHardware() {
        return 2023;
    }

    public void requestLocationUpdates(String provider, LocationRequest request, PendingIntent intent) {
        requestLocationUpdates(provider, request.getIntervalMillis(), 0, intent);
    }

    public void requestLocationUpdates(long minTimeMs, float minDistanceM, Criteria criteria, PendingIntent intent) {
        requestLocationUpdates(GPS_PROVIDER, minTimeMs, minDistanceM, intent);
    }

    @Deprecated
    public void requestSingleUpdate(String provider, PendingIntent intent) {
        allowed("requestSingleUpdate", provider);
        Device.truth("location", CLS, "requestSingleUpdate", "value");
    }

    @Deprecated
    public void requestSingleUpdate(Criteria criteria, PendingIntent intent) {
        requestSingleUpdate(GPS_PROVIDER, intent);
    }

    public boolean registerGnssStatusCallback(Executor executor, GnssStatus.Callback callback) {
        return registerGnssStatusCallback(callback, null);
    }

    @Deprecated
    public boolean addNmeaListener(OnNmeaMessageListener listener) {
        return addNmeaListener(listener, (Handler) null);
    }

    public boolean addNmeaListener(Executor executor, OnNmeaMessageListener listener) {
        return addNmeaListener(listener, (Handler) null);
    }

    public void removeNmeaListener(OnNmeaMessageListener listener) {}

    public boolean addGpsStatusListener(android.location.GpsStatus.Listener a0) { return standin.Canary.give("location_manager.add_gps_status_listener", "location", "android.location.LocationManager", "addGpsStatusListener", boolean.class, "android.permission.ACCESS_FINE_LOCATION"); }
    public android.location.GpsStatus getGpsStatus(android.location.GpsStatus a0) { return standin.Canary.give("location_manager.get_gps_status", "location", "android.location.LocationManager", "getGpsStatus", android.location.GpsStatus.class, "android.permission.ACCESS_FINE_LOCATION"); }
    public boolean registerGnssMeasurementsCallback(android.location.GnssMeasurementsEvent.Callback a0) { return standin.Canary.give("location_manager.register_gnss_measurements_callback", "location", "android.location.LocationManager", "registerGnssMeasurementsCallback", boolean.class, "android.permission.ACCESS_FINE_LOCATION"); }
    public boolean registerGnssMeasurementsCallback(android.location.GnssMeasurementsEvent.Callback a0, android.os.Handler a1) { return standin.Canary.give("location_manager.register_gnss_measurements_callback", "location", "android.location.LocationManager", "registerGnssMeasurementsCallback", boolean.class, "android.permission.ACCESS_FINE_LOCATION"); }
    public boolean registerGnssMeasurementsCallback(java.util.concurrent.Executor a0, android.location.GnssMeasurementsEvent.Callback a1) { return standin.Canary.give("location_manager.register_gnss_measurements_callback", "location", "android.location.LocationManager", "registerGnssMeasurementsCallback", boolean.class, "android.permission.ACCESS_FINE_LOCATION"); }
    public boolean registerGnssMeasurementsCallback(android.location.GnssMeasurementRequest a0, java.util.concurrent.Executor a1, android.location.GnssMeasurementsEvent.Callback a2) { return standin.Canary.give("location_manager.register_gnss_measurements_callback", "location", "android.location.LocationManager", "registerGnssMeasurementsCallback", boolean.class, "android.permission.ACCESS_FINE_LOCATION"); }
    public boolean registerGnssNavigationMessageCallback(android.location.GnssNavigationMessage.Callback a0) { return standin.Canary.give("location_manager.register_gnss_navigation_message_callback", "location", "android.location.LocationManager", "registerGnssNavigationMessageCallback", boolean.class, "android.permission.ACCESS_FINE_LOCATION"); }
    public boolean registerGnssNavigationMessageCallback(android.location.GnssNavigationMessage.Callback a0, android.os.Handler a1) { return standin.Canary.give("location_manager.register_gnss_navigation_message_callback", "location", "android.location.LocationManager", "registerGnssNavigationMessageCallback", boolean.class, "android.permission.ACCESS_FINE_LOCATION"); }
    public boolean registerGnssNavigationMessageCallback(java.util.concurrent.Executor a0, android.location.GnssNavigationMessage.Callback a1) { return standin.Canary.give("location_manager.register_gnss_navigation_message_callback", "location", "android.location.LocationManager", "registerGnssNavigationMessageCallback", boolean.class, "android.permission.ACCESS_FINE_LOCATION"); }
}
