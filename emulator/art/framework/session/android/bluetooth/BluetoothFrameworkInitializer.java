package android.bluetooth;

/** Named by the framework's registry of services. */
public final class BluetoothFrameworkInitializer {
    private BluetoothFrameworkInitializer() {}

    public static void registerServiceWrappers(Object... words) {
        android.app.AospServices.add("bluetooth", "android.bluetooth.BluetoothManager");
    }
}
