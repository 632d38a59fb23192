package android.telephony;

public final class CellIdentityLte extends CellIdentity {
    private final int mcc;
    private final int mnc;
    private final int ci;
    private final int tac;
    private final int pci;

    CellIdentityLte(int mcc, int mnc, int ci, int tac, int pci) {
        this.mcc = mcc;
        this.mnc = mnc;
        this.ci = ci;
        this.tac = tac;
        this.pci = pci;
    }

    public int getCi() {
        return ci;
    }

    public int getTac() {
        return tac;
    }

    public int getPci() {
        return pci;
    }

    @Deprecated
    public int getMcc() {
        return mcc;
    }

    @Deprecated
    public int getMnc() {
        return mnc;
    }

    public String getMccString() {
        return String.valueOf(mcc);
    }

    public String getMncString() {
        return String.format("%02d", mnc);
    }
}
