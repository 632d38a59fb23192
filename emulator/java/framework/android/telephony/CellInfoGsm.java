package android.telephony;

/** For {@code instanceof}: the cells of the stand-in are LTE. */
public final class CellInfoGsm extends CellInfo {
    private CellInfoGsm() {
        super(false);
    }

    @Override
    public CellIdentityGsm getCellIdentity() {
        return null;
    }

    @Override
    public CellSignalStrengthGsm getCellSignalStrength() {
        return null;
    }
}
