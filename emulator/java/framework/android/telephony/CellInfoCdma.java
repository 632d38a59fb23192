package android.telephony;

/** For {@code instanceof}: the cells of the stand-in are LTE. */
public final class CellInfoCdma extends CellInfo {
    private CellInfoCdma() {
        super(false);
    }

    @Override
    public CellIdentityCdma getCellIdentity() {
        return null;
    }

    @Override
    public CellSignalStrengthCdma getCellSignalStrength() {
        return null;
    }
}
