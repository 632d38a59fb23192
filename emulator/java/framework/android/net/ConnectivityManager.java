package android.net;

import android.content.Context;
import android.net.wifi.WifiInfo;
import android.os.Handler;
import android.os.HandlerThread;
import standin.Device;
import standin.Read;

public class ConnectivityManager {
    @Deprecated public static final int TYPE_MOBILE = 0;
    @Deprecated public static final int TYPE_WIFI = 1;
    @Deprecated public static final String CONNECTIVITY_ACTION = "android.net.conn.CONNECTIVITY_CHANGE";
    private static final String CLS = "android.net.ConnectivityManager";
    private static final String STATE = "android.permission.ACCESS_NETWORK_STATE";
    private static final Network ONLY = new Network(100);

    public ConnectivityManager(Context context) {}

    public static class NetworkCallback {
        public static final int FLAG_NONE = 0;
        public static final int FLAG_INCLUDE_LOCATION_INFO = 1;
        private final int flags;

        /** Null: never was. */
        volatile Boolean registered;

        public NetworkCallback() {
            this(FLAG_NONE);
        }

        public NetworkCallback(int flags) {
            this.flags = flags;
        }

        public void onAvailable(Network network) {}

        public void onLosing(Network network, int maxMsToLive) {}

        public void onLost(Network network) {}

        public void onUnavailable() {}

        public void onCapabilitiesChanged(Network network, NetworkCapabilities capabilities) {}

        public void onLinkPropertiesChanged(Network network, LinkProperties properties) {}

        public void onBlockedStatusChanged(Network network, boolean blocked) {}
    }

    @Deprecated
    public NetworkInfo getActiveNetworkInfo() {
        Read.need("net_state", CLS, "getActiveNetworkInfo", STATE);
        return Device.getBoolean("wifi.enabled", true) ? new NetworkInfo() : null;
    }

    public NetworkInfo getNetworkInfo(int type) {
        NetworkInfo now = getActiveNetworkInfo();
        return now != null && now.getType() == type ? now : null;
    }

    public NetworkInfo[] getAllNetworkInfo() {
        NetworkInfo now = getActiveNetworkInfo();
        return now == null ? new NetworkInfo[0] : new NetworkInfo[] {now};
    }

    public Network getActiveNetwork() {
        Read.need("net_state", CLS, "getActiveNetwork", STATE);
        return Device.getBoolean("wifi.enabled", true) ? ONLY : null;
    }

    public Network[] getAllNetworks() {
        return new Network[] {ONLY};
    }

    /** The Wi-Fi information inside is redacted. */
    public NetworkCapabilities getNetworkCapabilities(Network network) {
        Read.need("net_state", CLS, "getNetworkCapabilities", STATE);
        return network == null ? null : new NetworkCapabilities(WifiInfo.seen(false));
    }

    public LinkProperties getLinkProperties(Network network) {
        Read.need("ip", CLS, "getLinkProperties", STATE);
        return Read.give("ip", CLS, "getLinkProperties", network == null ? null : new LinkProperties());
    }

    /** The thread on which callbacks without a handler are called. */
    private static final class ConnectivityThread {
        static final Handler HANDLER = of(new HandlerThread("ConnectivityThread"));

        private static Handler of(HandlerThread thread) {
            thread.start();
            return new Handler(thread.getLooper());
        }
    }

    public void registerDefaultNetworkCallback(NetworkCallback callback) {
        registerDefaultNetworkCallback(callback, ConnectivityThread.HANDLER);
    }

    public void registerDefaultNetworkCallback(NetworkCallback callback, Handler handler) {
        register("registerDefaultNetworkCallback", callback, handler);
    }

    private static void register(String method, NetworkCallback callback, Handler handler) {
        Read.need("net_state", CLS, method, STATE);
        boolean open = callback.flags == NetworkCallback.FLAG_INCLUDE_LOCATION_INFO && Read.placesVisible();
        callback.registered = true;
        handler.post(() -> {
            if (!Boolean.TRUE.equals(callback.registered)) return;
            callback.onAvailable(ONLY);
            callback.onCapabilitiesChanged(ONLY, new NetworkCapabilities(WifiInfo.seen(open)));
            callback.onLinkPropertiesChanged(ONLY, new LinkProperties());
            callback.onBlockedStatusChanged(ONLY, false);
        });
    }

    public void registerNetworkCallback(NetworkRequest request, NetworkCallback callback) {
        registerNetworkCallback(request, callback, ConnectivityThread.HANDLER);
    }

    public void registerNetworkCallback(NetworkRequest request, NetworkCallback callback, Handler handler) {
        register("registerNetworkCallback", callback, handler);
    }

    public void requestNetwork(NetworkRequest request, NetworkCallback callback) {
        requestNetwork(request, callback, ConnectivityThread.HANDLER);
    }

    public void requestNetwork(NetworkRequest request, NetworkCallback callback, Handler handler) {
        register("requestNetwork", callback, handler);
    }

    public void requestNetwork(NetworkRequest request, NetworkCallback callback, int timeoutMs) {
        requestNetwork(request, callback);
    }

    public void requestNetwork(NetworkRequest request, NetworkCallback callback, Handler handler, int timeoutMs) {
        requestNetwork(request, callback, handler);
    }

    public void unregisterNetworkCallback(NetworkCallback callback) {
        if (callback.registered == null) throw new IllegalArgumentException("NetworkCallback was not registered");
        callback.registered = false;
    }

    public boolean bindProcessToNetwork(Network network) {
        return true;
    }

    public Network getBoundNetworkForProcess() {
        return null;
    }

    public int getRestrictBackgroundStatus() {
        return RESTRICT_BACKGROUND_STATUS_DISABLED;
    }

    public boolean isDefaultNetworkActive() {
        return true;
    }

    public void reportNetworkConnectivity(Network network, boolean hasConnectivity) {}

    @Deprecated
    public boolean getBackgroundDataSetting() {
        return true;
    }

    @Deprecated
    public static boolean isNetworkTypeValid(int networkType) {
        return networkType >= 0 && networkType <= 18;
    }

    @Deprecated
    public boolean isActiveNetworkMetered() {
        return false;
    }
    public ProxyInfo getDefaultProxy() { return null; }
}
