package android.net;

import android.content.Context;

public final class Proxy {
    public static final String PROXY_CHANGE_ACTION = "android.intent.action.PROXY_CHANGE";

    private Proxy() {}

    @Deprecated
    public static String getHost(Context context) {
        return getDefaultHost();
    }

    @Deprecated
    public static int getPort(Context context) {
        return getDefaultPort();
    }

    @Deprecated
    public static String getDefaultHost() {
        return System.getProperty("http.proxyHost");
    }

    @Deprecated
    public static int getDefaultPort() {
        return Integer.getInteger("http.proxyPort", -1);
    }
}
