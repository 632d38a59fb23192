package android.telephony;

import android.app.PendingIntent;
import android.content.Context;
import android.net.Uri;
import android.os.Bundle;
import java.util.ArrayList;
import java.util.List;
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

    public void sendMultipartTextMessage(
            String destination, String center, List<String> parts, List<PendingIntent> sent, List<PendingIntent> delivered, long messageId) {
        sent("sendMultipartTextMessage");
    }

    public void sendMultipartTextMessage(String destination, String center, List<String> parts, List<PendingIntent> sent,
            List<PendingIntent> delivered, String packageName, String attributionTag) {
        sent("sendMultipartTextMessage");
    }

    public void sendMultimediaMessage(Context context, Uri content, String locationUrl, Bundle overrides, PendingIntent sent) {
        sent("sendMultimediaMessage");
    }

    public void sendMultimediaMessage(
            Context context, Uri content, String locationUrl, Bundle overrides, PendingIntent sent, long messageId) {
        sent("sendMultimediaMessage");
    }

    public void sendTextMessageWithoutPersisting(
            String destination, String center, String text, PendingIntent sent, PendingIntent delivered) {
        Read.need("sms", CLS, "sendTextMessageWithoutPersisting", "android.permission.MODIFY_PHONE_STATE");
        sent("sendTextMessageWithoutPersisting");
    }

    /** Hidden in the public API. */
    public ArrayList<SmsMessage> getAllMessagesFromIcc() {
        Read.need("sms", CLS, "getAllMessagesFromIcc", "android.permission.RECEIVE_SMS");
        return Read.give("sms", CLS, "getAllMessagesFromIcc", new ArrayList<>());
    }

    public void sendDataMessageWithSelfPermissions(java.lang.String a0, java.lang.String a1, short a2, byte[] a3, android.app.PendingIntent a4, android.app.PendingIntent a5) { standin.Canary.done("sms_manager.send_data_message_with_self_permissions", "sms", "android.telephony.SmsManager", "sendDataMessageWithSelfPermissions"); }
    public void sendMultipartTextMessageInternal(java.lang.String a0, java.lang.String a1, java.util.ArrayList a2, java.util.ArrayList a3, java.util.ArrayList a4, boolean a5) { standin.Canary.done("sms_manager.send_multipart_text_message_internal", "sms", "android.telephony.SmsManager", "sendMultipartTextMessageInternal"); }
    public void sendMultipartTextMessageInternal(java.lang.String a0, java.lang.String a1, java.util.List a2, java.util.List a3, java.util.List a4, boolean a5) { standin.Canary.done("sms_manager.send_multipart_text_message_internal", "sms", "android.telephony.SmsManager", "sendMultipartTextMessageInternal"); }
    public void sendMultipartTextMessageInternal(java.lang.String a0, java.lang.String a1, java.util.List a2, java.util.List a3, java.util.List a4, boolean a5, int a6, boolean a7, int a8) { standin.Canary.done("sms_manager.send_multipart_text_message_internal", "sms", "android.telephony.SmsManager", "sendMultipartTextMessageInternal"); }
    public void sendMultipartTextMessageInternal(java.lang.String a0, java.lang.String a1, java.util.List a2, java.util.List a3, java.util.List a4, boolean a5, java.lang.String a6, java.lang.String a7, long a8) { standin.Canary.done("sms_manager.send_multipart_text_message_internal", "sms", "android.telephony.SmsManager", "sendMultipartTextMessageInternal"); }
    public void sendTextMessageInternal(java.lang.String a0, java.lang.String a1, java.lang.String a2, android.app.PendingIntent a3, android.app.PendingIntent a4, boolean a5) { standin.Canary.done("sms_manager.send_text_message_internal", "sms", "android.telephony.SmsManager", "sendTextMessageInternal"); }
    public void sendTextMessageInternal(java.lang.String a0, java.lang.String a1, java.lang.String a2, android.app.PendingIntent a3, android.app.PendingIntent a4, boolean a5, int a6, boolean a7, int a8) { standin.Canary.done("sms_manager.send_text_message_internal", "sms", "android.telephony.SmsManager", "sendTextMessageInternal"); }
    public void sendTextMessageInternal(java.lang.String a0, java.lang.String a1, java.lang.String a2, android.app.PendingIntent a3, android.app.PendingIntent a4, boolean a5, java.lang.String a6, java.lang.String a7, long a8) { standin.Canary.done("sms_manager.send_text_message_internal", "sms", "android.telephony.SmsManager", "sendTextMessageInternal"); }
    public void sendTextMessageWithSelfPermissions(java.lang.String a0, java.lang.String a1, java.lang.String a2, android.app.PendingIntent a3, android.app.PendingIntent a4) { standin.Canary.done("sms_manager.send_text_message_with_self_permissions", "sms", "android.telephony.SmsManager", "sendTextMessageWithSelfPermissions"); }
    public void sendTextMessageWithSelfPermissions(java.lang.String a0, java.lang.String a1, java.lang.String a2, android.app.PendingIntent a3, android.app.PendingIntent a4, boolean a5) { standin.Canary.done("sms_manager.send_text_message_with_self_permissions", "sms", "android.telephony.SmsManager", "sendTextMessageWithSelfPermissions"); }
}
