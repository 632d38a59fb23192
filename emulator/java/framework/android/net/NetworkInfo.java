package android.net;

@Deprecated
public class NetworkInfo {
    NetworkInfo() {}

    public boolean isConnected() {
        return true;
    }

    public boolean isConnectedOrConnecting() {
        return true;
    }

    public boolean isAvailable() {
        return true;
    }

    public int getType() {
        return ConnectivityManager.TYPE_WIFI;
    }

    public int getSubtype() {
        return 0;
    }

    public String getTypeName() {
        return "WIFI";
    }

    /** Masked on current releases. */
    public String getExtraInfo() {
        return null;
    }
}
