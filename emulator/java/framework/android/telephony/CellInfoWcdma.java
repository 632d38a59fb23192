package android.telephony;

/** For {@code instanceof}: the cells of the stand-in are LTE. */
public final class CellInfoWcdma extends CellInfo {
    private CellInfoWcdma() {
        super(false);
    }

    @Override
    public CellIdentityWcdma getCellIdentity() {
        return null;
    }

    @Override
    public CellSignalStrengthWcdma getCellSignalStrength() {
        return null;
    }
}
