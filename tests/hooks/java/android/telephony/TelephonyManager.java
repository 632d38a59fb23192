package android.telephony;

public class TelephonyManager {
    public String getDeviceId() { return getDeviceId(0); }
    public String getDeviceId(int slot) { return "490154203237518"; }
    public String getLine1Number() { return null; }
    public String getSubscriberId() { throw new SecurityException("no permission: IMSI"); }
    public static String getSimOperator(String hint, int slot) { return hint + "46000" + slot; }
    public String getMac() { return "02:00:00:00:00:00"; }
}
