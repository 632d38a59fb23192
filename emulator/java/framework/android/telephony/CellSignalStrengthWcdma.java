package android.telephony;

public final class CellSignalStrengthWcdma extends CellSignalStrength {
    private CellSignalStrengthWcdma() {}
}
