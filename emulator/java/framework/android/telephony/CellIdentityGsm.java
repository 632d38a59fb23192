package android.telephony;

public final class CellIdentityGsm extends CellIdentity {
    private CellIdentityGsm() {}

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
}
