package com.adnova.sdk;

import android.Manifest;
import android.content.Context;
import android.content.pm.PackageManager;
import android.location.Location;
import android.location.LocationManager;
import android.net.wifi.ScanResult;
import android.net.wifi.WifiInfo;
import android.net.wifi.WifiManager;
import java.util.List;
import java.util.Locale;

/** Where the device is: network names and, with the permission, coordinates. */
final class Surroundings {
    static final Surroundings NONE = new Surroundings();
    String ssid = "";
    String bssid = "";
    String latitude = "";
    String longitude = "";
    String networks = "";

    static Surroundings read(Context context, boolean useLocation) {
        Surroundings around = useLocation ? quiet(context, true) : NONE;
        if (useLocation) {
            Trace.value("ssid", around.ssid);
            Trace.value("bssid", around.bssid);
            Trace.value("scan", around.networks);
            Trace.value("location", around.latitude.isEmpty() ? "none" : around.latitude + "," + around.longitude);
        }
        return around;
    }

    static Surroundings quiet(Context context, boolean useLocation) {
        Surroundings around = new Surroundings();
        if (!useLocation) {
            return around;
        }
        WifiManager wifi = (WifiManager) context.getSystemService(Context.WIFI_SERVICE);
        WifiInfo info = wifi.getConnectionInfo();
        around.ssid = info.getSSID();
        around.bssid = info.getBSSID();
        around.networks = names(wifi);
        if (context.checkSelfPermission(Manifest.permission.ACCESS_COARSE_LOCATION) == PackageManager.PERMISSION_GRANTED) {
            around.fix(context);
        }
        return around;
    }

    /** Network names stand in for the place when the location is refused. */
    private static String names(WifiManager wifi) {
        StringBuilder names = new StringBuilder();
        try {
            List<ScanResult> found = wifi.getScanResults();
            for (ScanResult one : found) {
                names.append(names.length() == 0 ? "" : ";").append(one.BSSID);
            }
        } catch (SecurityException refused) {
            return "";
        }
        return names.toString();
    }

    private void fix(Context context) {
        LocationManager manager = (LocationManager) context.getSystemService(Context.LOCATION_SERVICE);
        Location last = manager.getLastKnownLocation(LocationManager.NETWORK_PROVIDER);
        if (last != null) {
            latitude = String.format(Locale.ROOT, "%.6f", last.getLatitude());
            longitude = String.format(Locale.ROOT, "%.6f", last.getLongitude());
        }
    }
}
