package android.telephony;

public final class CellIdentityCdma extends CellIdentity {
    private CellIdentityCdma() {}

    public int getNetworkId() {
        return Integer.MAX_VALUE;
    }

    public int getSystemId() {
        return Integer.MAX_VALUE;
    }

    public int getBasestationId() {
        return Integer.MAX_VALUE;
    }

    public int getLatitude() {
        return Integer.MAX_VALUE;
    }

    public int getLongitude() {
        return Integer.MAX_VALUE;
    }
}
