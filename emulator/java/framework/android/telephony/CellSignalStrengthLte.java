package android.telephony;

public final class CellSignalStrengthLte extends CellSignalStrength {
    CellSignalStrengthLte() {}

    public int getRsrp() {
        return -95;
    }

    public int getTimingAdvance() {
        return Integer.MAX_VALUE;
    }
}
