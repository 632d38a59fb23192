package android.bluetooth;

import java.util.Map;
import standin.Read;

public final class BluetoothDevice {
    public static final String ACTION_FOUND = "android.bluetooth.device.action.FOUND";
    public static final String EXTRA_DEVICE = "android.bluetooth.device.extra.DEVICE";
    private static final String CLS = "android.bluetooth.BluetoothDevice";
    private final String name;
    private final String address;

    /** Hidden in the public API. */
    public BluetoothDevice(Map<?, ?> row) {
        name = Read.text(row.get("name"));
        address = Read.text(row.get("mac"));
    }

    public String getName() {
        BluetoothAdapter.connect("bt_mac", CLS, "getName");
        return Read.give("bt_mac", CLS, "getName", name);
    }

    public String getAddress() {
        return Read.give("bt_mac", CLS, "getAddress", address);
    }

    public boolean createBond() {
        BluetoothAdapter.connect("bt_io", CLS, "createBond");
        return false;
    }

    /** Hidden in the public API. */
    public boolean createBond(int transport) {
        return createBond();
    }

    /** Hidden in the public API; Android's Intent asks for it. */
    public void prepareToEnterProcess(android.content.AttributionSource source) {}
}
