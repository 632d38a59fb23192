package android.telephony;

/** A SIM card. */
public class SubscriptionInfo {
    private final String id, number;
    public SubscriptionInfo(String id, String number) { this.id = id; this.number = number; }
    public String getIccId() { return id; }
    public String getNumber() { return number; }
}
