package android.telephony;

public final class CellIdentityWcdma extends CellIdentity {
    private CellIdentityWcdma() {}

    public int getMcc() {
        return Integer.MAX_VALUE;
    }

    public int getMnc() {
        return Integer.MAX_VALUE;
    }

    public int getLac() {
        return Integer.MAX_VALUE;
    }

    public int getCid() {
        return Integer.MAX_VALUE;
    }

    public int getPsc() {
        return Integer.MAX_VALUE;
    }
}
