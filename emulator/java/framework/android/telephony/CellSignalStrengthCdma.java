package android.telephony;

public final class CellSignalStrengthCdma extends CellSignalStrength {
    private CellSignalStrengthCdma() {}
}
