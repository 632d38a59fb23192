package android.telephony;

public final class CellSignalStrengthGsm extends CellSignalStrength {
    private CellSignalStrengthGsm() {}
}
