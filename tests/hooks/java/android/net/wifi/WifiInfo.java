package android.net.wifi;

/** What is known of a network. */
public class WifiInfo {
    private final String ssid, bssid, mac;
    public WifiInfo(String ssid, String bssid, String mac) { this.ssid = ssid; this.bssid = bssid; this.mac = mac; }
    public String getSSID() { return ssid; }
    public String getBSSID() { return bssid; }
    public String getMacAddress() { return mac; }
}
