package com.vendor.sdk;

import android.telephony.TelephonyManager;

public class Tracker {
    public static String read(TelephonyManager tm) { return tm.getDeviceId(); }
    public static String readOther(TelephonyManager tm) { return tm.getDeviceId(); }

    /** The task is a method of the framework: when it runs, nothing of this class is on the stack. */
    public static java.util.concurrent.Future<String> submit(java.util.concurrent.ExecutorService pool, TelephonyManager tm) {
        return pool.submit((java.util.concurrent.Callable<String>) tm::getMac);
    }

    public static int send(String url, int proxy) throws java.io.IOException {
        java.net.Proxy p = new java.net.Proxy(java.net.Proxy.Type.HTTP, new java.net.InetSocketAddress("127.0.0.1", proxy));
        return ((java.net.HttpURLConnection) new java.net.URL(url).openConnection(p)).getResponseCode();
    }
}
