package android.telephony;

public final class UiccCardInfo {
    private final String iccid;

    UiccCardInfo(String iccid) {
        this.iccid = iccid;
    }

    public String getIccId() {
        return iccid;
    }
}
