package android.net.wifi;

import android.net.TransportInfo;
import android.os.Parcel;
import android.os.Parcelable;
import standin.Device;
import standin.Read;

/** One connection as the app may see it: the getters give what was decided when it was delivered. */
public class WifiInfo implements TransportInfo, Parcelable {
    private final String ssid;
    private final String bssid;
    private final String mac;
    private final int networkId;

    /** {@code open}: places may be seen. */
    WifiInfo(boolean open) {
        String name = Device.getString("wifi.ssid");
        ssid = open && name != null ? "\"" + name + "\"" : WifiManager.UNKNOWN_SSID;
        bssid = open ? Device.getString("wifi.bssid") : Read.NO_MAC;
        mac = Device.hasPermission("android.permission.LOCAL_MAC_ADDRESS") ? Device.getString("wifi.mac") : Read.NO_MAC;
        networkId = open ? Device.getInt("wifi.network_id", -1) : -1;
    }

    /** Hidden: what a network callback carries. */
    public static WifiInfo seen(boolean open) {
        return new WifiInfo(open);
    }

    private static <T> T got(String type, String method, T value, boolean real) {
        return real ? Read.give(type, "android.net.wifi.WifiInfo", method, value)
                : Read.constant(type, "android.net.wifi.WifiInfo", method, value);
    }

    public String getSSID() {
        return got("ssid", "getSSID", ssid, !WifiManager.UNKNOWN_SSID.equals(ssid));
    }

    public String getBSSID() {
        return got("bssid", "getBSSID", bssid, !Read.NO_MAC.equals(bssid));
    }

    public String getMacAddress() {
        return got("mac", "getMacAddress", mac, !Read.NO_MAC.equals(mac));
    }

    public int getNetworkId() {
        return networkId;
    }

    @Deprecated
    public int getIpAddress() {
        return got("ip", "getIpAddress", WifiManager.packed(Device.getString("wifi.ip")), true);
    }

    public int getRssi() {
        return Device.getInt("wifi.rssi", -127);
    }

    public int getLinkSpeed() {
        return Device.getInt("wifi.link_speed", -1);
    }

    public int getFrequency() {
        return Device.getInt("wifi.frequency", -1);
    }

    public boolean getHiddenSSID() {
        return false;
    }

    @Override
    public String toString() {
        return "SSID: " + ssid + ", BSSID: " + bssid + ", MAC: " + mac;
    }

    @Override
    public int describeContents() {
        return 0;
    }

    @Override
    public void writeToParcel(Parcel dest, int flags) {
        dest.writeString(ssid);
        dest.writeString(bssid);
        dest.writeString(mac);
        dest.writeInt(networkId);
    }
}
