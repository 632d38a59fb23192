package com.vendor.sdk;

import android.telephony.TelephonyManager;

public class Tracker {
    public static String read(TelephonyManager tm) { return tm.getDeviceId(); }
    public static String readOther(TelephonyManager tm) { return tm.getDeviceId(); }
}
