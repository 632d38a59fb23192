package android.telephony;

import java.util.Map;
import standin.Read;

public final class CellInfoLte extends CellInfo {
    private final CellIdentityLte identity;

    CellInfoLte(Map<?, ?> row) {
        super(Boolean.TRUE.equals(row.get("registered")));
        identity = new CellIdentityLte(Read.integer(row.get("mcc"), 0), Read.integer(row.get("mnc"), 0), Read.integer(row.get("cid"), 0),
                Read.integer(row.get("tac"), 0), Read.integer(row.get("pci"), 0));
    }

    @Override
    public CellSignalStrengthLte getCellSignalStrength() {
        return new CellSignalStrengthLte();
    }

    @Override
    public CellIdentityLte getCellIdentity() {
        return identity;
    }
}
