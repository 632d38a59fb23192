package android.telephony;

public class SmsMessage {
    private final String address;
    private final String body;

    private SmsMessage(String address, String body) {
        this.address = address;
        this.body = body;
    }

    /** The stand-in's message format is UTF-8 text: address, line feed, body. */
    public static SmsMessage createFromPdu(byte[] pdu, String format) {
        String text = new String(pdu, java.nio.charset.StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        return end < 0 ? null : new SmsMessage(text.substring(0, end), text.substring(end + 1));
    }

    @Deprecated
    public static SmsMessage createFromPdu(byte[] pdu) {
        return createFromPdu(pdu, "3gpp");
    }

    public String getOriginatingAddress() {
        return address;
    }

    public String getDisplayOriginatingAddress() {
        return address;
    }

    public String getMessageBody() {
        return body;
    }

    public String getDisplayMessageBody() {
        return body;
    }
}
