package android.net;

/** Named by the framework's registry of services. */
public final class ConnectivityFrameworkInitializer {
    private ConnectivityFrameworkInitializer() {}

    public static void registerServiceWrappers(Object... words) {
        android.app.AospServices.add("connectivity", "android.net.ConnectivityManager");
    }
}
