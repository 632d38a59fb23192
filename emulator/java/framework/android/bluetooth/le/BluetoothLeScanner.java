package android.bluetooth.le;

import android.app.PendingIntent;
import android.bluetooth.BluetoothAdapter;
import android.bluetooth.BluetoothDevice;
import android.os.Handler;
import android.os.Looper;
import java.util.List;
import java.util.Map;
import standin.Device;
import standin.Read;

public final class BluetoothLeScanner {
    private static final String CLS = "android.bluetooth.le.BluetoothLeScanner";

    /** Hidden constructor. */
    public BluetoothLeScanner() {}

    public void startScan(ScanCallback callback) {
        startScan(null, null, callback);
    }

    public void startScan(List<ScanFilter> filters, ScanSettings settings, ScanCallback callback) {
        BluetoothAdapter.scan(CLS, "startScan");
        Device.truth("bt_scan", CLS, "startScan", "value");
        Handler main = new Handler(Looper.getMainLooper());
        for (Object item : Device.getList("bluetooth.scan")) {
            Map<?, ?> row = (Map<?, ?>) item;
            ScanResult result = new ScanResult(new BluetoothDevice(row), Read.integer(row.get("rssi"), -80));
            main.post(() -> callback.onScanResult(1, result));
        }
    }

    public int startScan(List<ScanFilter> filters, ScanSettings settings, PendingIntent intent) {
        BluetoothAdapter.scan(CLS, "startScan");
        Device.truth("bt_scan", CLS, "startScan", "value");
        return 0;
    }

    public void stopScan(ScanCallback callback) {}
}
