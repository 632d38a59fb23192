package android.telephony;

public class SignalStrength {
    public int getLevel() {
        return 3;
    }
}
