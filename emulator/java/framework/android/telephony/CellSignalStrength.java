package android.telephony;

public abstract class CellSignalStrength {
    CellSignalStrength() {}

    public int getLevel() {
        return 3;
    }

    public int getDbm() {
        return -95;
    }

    public int getAsuLevel() {
        return 45;
    }
}
