package android.net;

@Deprecated
public class NetworkInfo {
    public enum State { CONNECTING, CONNECTED, SUSPENDED, DISCONNECTING, DISCONNECTED, UNKNOWN }

    public enum DetailedState { IDLE, CONNECTING, CONNECTED, DISCONNECTED, FAILED, BLOCKED }

    NetworkInfo() {}

    public State getState() {
        return State.CONNECTED;
    }

    public DetailedState getDetailedState() {
        return DetailedState.CONNECTED;
    }

    public boolean isRoaming() {
        return false;
    }

    public boolean isFailover() {
        return false;
    }

    public String getReason() {
        return null;
    }

    public String getSubtypeName() {
        return "";
    }

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
