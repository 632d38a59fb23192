package android.webkit;

import java.util.Set;

public class GeolocationPermissions {
    private static final GeolocationPermissions ONLY = new GeolocationPermissions();

    public interface Callback {
        void invoke(String origin, boolean allow, boolean retain);
    }

    public static GeolocationPermissions getInstance() { return ONLY; }
    public void getOrigins(ValueCallback<Set<String>> callback) { standin.Later.on(null).post(() -> callback.onReceiveValue(Set.of())); }
    public void getAllowed(String origin, ValueCallback<Boolean> callback) { standin.Later.on(null).post(() -> callback.onReceiveValue(false)); }
    public void allow(String origin) {}
    public void clear(String origin) {}
    public void clearAll() {}
}
