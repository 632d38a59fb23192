package android.net.wifi;

/** Named by the framework's registry of services. */
public final class WifiFrameworkInitializer {
    private WifiFrameworkInitializer() {}

    public static void registerServiceWrappers(Object... words) {
        android.app.AospServices.add("wifi", "android.net.wifi.WifiManager");
    }
}
