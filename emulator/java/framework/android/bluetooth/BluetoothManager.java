package android.bluetooth;

import android.content.Context;
import java.util.List;

public final class BluetoothManager {
    public BluetoothManager(Context context) {}

    public BluetoothAdapter getAdapter() {
        return BluetoothAdapter.ONLY;
    }

    public List<BluetoothDevice> getConnectedDevices(int profile) {
        BluetoothAdapter.connect("bt_scan", "android.bluetooth.BluetoothManager", "getConnectedDevices");
        return standin.Read.give("bt_scan", "android.bluetooth.BluetoothManager", "getConnectedDevices", List.<BluetoothDevice>of());
    }
}
