package android.telephony;

public class SignalStrength {
    @Deprecated
    public int getGsmSignalStrength() {
        return 99;
    }

    @Deprecated
    public int getCdmaDbm() {
        return -1;
    }

    @Deprecated
    public boolean isGsm() {
        return true;
    }

    public int getLevel() {
        return 3;
    }
}
