package android.net;

public final class NetworkCapabilities {
    public static final int TRANSPORT_CELLULAR = 0;
    public static final int TRANSPORT_WIFI = 1;
    public static final int TRANSPORT_VPN = 4;
    public static final int NET_CAPABILITY_INTERNET = 12;
    public static final int NET_CAPABILITY_VALIDATED = 16;
    private final TransportInfo info;

    NetworkCapabilities(TransportInfo info) {
        this.info = info;
    }

    public boolean hasTransport(int transportType) {
        return transportType == TRANSPORT_WIFI;
    }

    public boolean hasCapability(int capability) {
        return capability == NET_CAPABILITY_INTERNET || capability == NET_CAPABILITY_VALIDATED;
    }

    public TransportInfo getTransportInfo() {
        return info;
    }
    public int getLinkDownstreamBandwidthKbps() { return 60000; }
    public int getLinkUpstreamBandwidthKbps() { return 12000; }
    public int getSignalStrength() { return -55; }
}
