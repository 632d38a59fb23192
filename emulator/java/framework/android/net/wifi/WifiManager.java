package android.net.wifi;

import android.content.Context;
import android.net.DhcpInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import standin.Device;
import standin.Later;
import standin.Read;

public class WifiManager {
    public static final String UNKNOWN_SSID = "<unknown ssid>";
    public static final int WIFI_STATE_DISABLED = 1;
    public static final int WIFI_STATE_ENABLED = 3;
    public static final String SCAN_RESULTS_AVAILABLE_ACTION = "android.net.wifi.SCAN_RESULTS";
    public static final String NETWORK_STATE_CHANGED_ACTION = "android.net.wifi.STATE_CHANGE";
    public static final String WIFI_STATE_CHANGED_ACTION = "android.net.wifi.WIFI_STATE_CHANGED";
    private static final String CLS = "android.net.wifi.WifiManager";
    private static final String ACCESS = "android.permission.ACCESS_WIFI_STATE";

    public WifiManager(Context context) {}

    public abstract static class ScanResultsCallback {
        public abstract void onScanResultsAvailable();
    }

    static int packed(String address) {
        int value = 0;
        if (address == null) return 0;
        String[] parts = address.split("\\.");
        for (int i = 3; i >= 0; i--) value = value << 8 | Integer.parseInt(parts[i]);
        return value;
    }

    public WifiInfo getConnectionInfo() {
        Read.need("ssid", CLS, "getConnectionInfo", ACCESS);
        boolean open = Device.sdk() < 27 || Read.placesVisible();
        Device.truth("ssid", CLS, "getConnectionInfo", open ? "value" : "constant");
        return new WifiInfo(open);
    }

    public DhcpInfo getDhcpInfo() {
        Read.need("ip", CLS, "getDhcpInfo", ACCESS);
        DhcpInfo info = new DhcpInfo();
        info.ipAddress = packed(Device.getString("wifi.ip"));
        info.gateway = packed(Device.getString("wifi.gateway"));
        info.dns1 = info.gateway;
        return Read.give("ip", CLS, "getDhcpInfo", info);
    }

    public List<ScanResult> getScanResults() {
        Read.need("wifi_scan", CLS, "getScanResults", ACCESS);
        List<ScanResult> found = new ArrayList<>();
        if (Device.sdk() < 29 || Read.placesVisible()) {
            for (Object item : Device.getList("wifi.scan")) {
                Map<?, ?> row = (Map<?, ?>) item;
                ScanResult one = new ScanResult();
                one.SSID = Read.text(row.get("ssid"));
                one.BSSID = Read.text(row.get("bssid"));
                one.capabilities = Read.text(row.get("capabilities"));
                one.level = Read.integer(row.get("level"), -100);
                one.frequency = Read.integer(row.get("frequency"), 2412);
                found.add(one);
            }
        }
        return Read.give("wifi_scan", CLS, "getScanResults", found);
    }

    @Deprecated
    public boolean startScan() {
        Read.need("wifi_scan", CLS, "startScan", "android.permission.CHANGE_WIFI_STATE");
        boolean open = Read.placesVisible();
        Device.truth("wifi_scan", CLS, "startScan", open ? "value" : "denied");
        return open;
    }

    public void registerScanResultsCallback(Executor executor, ScanResultsCallback callback) {
        Read.need("wifi_scan", CLS, "registerScanResultsCallback", ACCESS);
        Device.truth("wifi_scan", CLS, "registerScanResultsCallback", "value");
        Later.binder(() -> executor.execute(callback::onScanResultsAvailable));
    }

    public void unregisterScanResultsCallback(ScanResultsCallback callback) {}

    /** Empty for ordinary apps with target 29+. */
    @Deprecated
    public List<WifiConfiguration> getConfiguredNetworks() {
        Read.need("wifi_scan", CLS, "getConfiguredNetworks", ACCESS);
        List<WifiConfiguration> found = new ArrayList<>();
        if (Device.targetSdk() < 29) {
            for (Object item : Device.getList("wifi.configured")) {
                WifiConfiguration one = new WifiConfiguration();
                one.SSID = "\"" + ((Map<?, ?>) item).get("ssid") + "\"";
                one.networkId = Read.integer(((Map<?, ?>) item).get("network_id"), -1);
                found.add(one);
            }
        }
        return Read.give("wifi_scan", CLS, "getConfiguredNetworks", found);
    }

    public boolean isWifiEnabled() {
        return Device.getBoolean("wifi.enabled", true);
    }

    public int getWifiState() {
        return isWifiEnabled() ? WIFI_STATE_ENABLED : WIFI_STATE_DISABLED;
    }

    @Deprecated
    public boolean setWifiEnabled(boolean enabled) {
        return false;
    }
}
