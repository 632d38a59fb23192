package android.bluetooth;

import android.bluetooth.le.BluetoothLeScanner;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import standin.Device;
import standin.Read;

public final class BluetoothAdapter {
    public static final int STATE_OFF = 10;
    public static final int STATE_ON = 12;
    static final BluetoothAdapter ONLY = new BluetoothAdapter();
    private static final String CLS = "android.bluetooth.BluetoothAdapter";

    public interface LeScanCallback {
        void onLeScan(BluetoothDevice device, int rssi, byte[] scanRecord);
    }

    private BluetoothAdapter() {}

    @Deprecated
    public static BluetoothAdapter getDefaultAdapter() {
        return ONLY;
    }

    static void connect(String type, String cls, String method) {
        boolean new31 = Device.sdk() >= 31 && Device.targetSdk() >= 31;
        Read.need(type, cls, method, new31 ? "android.permission.BLUETOOTH_CONNECT" : "android.permission.BLUETOOTH");
    }

    /** Hidden in the public API. */
    public static void scan(String cls, String method) {
        if (Device.sdk() >= 31 && Device.targetSdk() >= 31) {
            Read.need("bt_scan", cls, method, "android.permission.BLUETOOTH_SCAN");
        } else {
            Read.need("bt_scan", cls, method, "android.permission.BLUETOOTH_ADMIN");
            if (Device.sdk() >= 29) Read.need("bt_scan", cls, method, "android.permission.ACCESS_FINE_LOCATION");
        }
    }

    /** A constant for ordinary apps since level 23. */
    public String getAddress() {
        connect("bt_mac", CLS, "getAddress");
        if (Device.hasPermission("android.permission.LOCAL_MAC_ADDRESS")) return Read.text("bt_mac", CLS, "getAddress", "bluetooth.mac");
        return Read.constant("bt_mac", CLS, "getAddress", Read.NO_MAC);
    }

    public String getName() {
        connect("bt_mac", CLS, "getName");
        return Read.text("bt_mac", CLS, "getName", "bluetooth.name");
    }

    public boolean isEnabled() {
        return Device.getBoolean("bluetooth.enabled", true);
    }

    public int getState() {
        return isEnabled() ? STATE_ON : STATE_OFF;
    }

    @Deprecated
    public boolean enable() {
        connect("bt_io", CLS, "enable");
        return false;
    }

    @Deprecated
    public boolean disable() {
        connect("bt_io", CLS, "disable");
        return false;
    }

    public Set<BluetoothDevice> getBondedDevices() {
        connect("bt_scan", CLS, "getBondedDevices");
        Set<BluetoothDevice> found = new LinkedHashSet<>();
        for (Object row : Device.getList("bluetooth.bonded")) found.add(new BluetoothDevice((Map<?, ?>) row));
        return Read.give("bt_scan", CLS, "getBondedDevices", found);
    }

    public boolean startDiscovery() {
        scan(CLS, "startDiscovery");
        Device.truth("bt_scan", CLS, "startDiscovery", "value");
        return true;
    }

    public boolean cancelDiscovery() {
        return true;
    }

    @Deprecated
    public boolean startLeScan(LeScanCallback callback) {
        return startLeScan(null, callback);
    }

    @Deprecated
    public boolean startLeScan(UUID[] services, LeScanCallback callback) {
        scan(CLS, "startLeScan");
        Device.truth("bt_scan", CLS, "startLeScan", "value");
        for (Object item : Device.getList("bluetooth.scan")) {
            Map<?, ?> row = (Map<?, ?>) item;
            new android.os.Handler(android.os.Looper.getMainLooper()).post(() -> callback.onLeScan(new BluetoothDevice(row), Read.integer(row.get("rssi"), -80), new byte[0]));
        }
        return true;
    }

    public BluetoothLeScanner getBluetoothLeScanner() {
        return new BluetoothLeScanner();
    }
}
