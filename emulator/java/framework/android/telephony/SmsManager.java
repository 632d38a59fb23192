package android.telephony;

import android.app.PendingIntent;
import java.util.ArrayList;
import standin.Device;
import standin.Read;

public final class SmsManager {
    private static final String CLS = "android.telephony.SmsManager";
    private static final SmsManager ONLY = new SmsManager();

    public SmsManager() {}

    @Deprecated
    public static SmsManager getDefault() {
        return ONLY;
    }

    public static SmsManager getSmsManagerForSubscriptionId(int subId) {
        return ONLY;
    }

    private static void sent(String method) {
        Read.need("sms", CLS, method, "android.permission.SEND_SMS");
        Device.truth("sms", CLS, method, "value");
    }

    public void sendTextMessage(String destination, String center, String text, PendingIntent sent, PendingIntent delivered) {
        sent("sendTextMessage");
    }

    public void sendTextMessage(
            String destination, String center, String text, PendingIntent sent, PendingIntent delivered, long messageId) {
        sent("sendTextMessage");
    }

    public void sendMultipartTextMessage(String destination, String center, ArrayList<String> parts,
            ArrayList<PendingIntent> sent, ArrayList<PendingIntent> delivered) {
        sent("sendMultipartTextMessage");
    }

    public void sendDataMessage(String destination, String center, short port, byte[] data, PendingIntent sent, PendingIntent delivered) {
        sent("sendDataMessage");
    }

    public ArrayList<String> divideMessage(String text) {
        ArrayList<String> parts = new ArrayList<>();
        for (int at = 0; at < text.length(); at += 70) parts.add(text.substring(at, Math.min(text.length(), at + 70)));
        return parts;
    }
}
