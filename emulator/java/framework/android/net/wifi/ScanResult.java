package android.net.wifi;

public final class ScanResult {
    public String SSID;
    public String BSSID;
    public String capabilities;
    public int level;
    public int frequency;
    public long timestamp;

    public ScanResult() {}
}
