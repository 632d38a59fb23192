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
        sendTextMessageInternal(destination, center, text, sent, delivered, true, null, null, 0L);
    }

    private void sendTextMessageInternal(String destination, String center, String text, PendingIntent sent, PendingIntent delivered,
            boolean persist, String packageName, String attributionTag, long messageId) {
        sent(persist ? "sendTextMessage" : "sendTextMessageWithoutPersisting");
    }

    public void sendTextMessage(
            String destination, String center, String text, PendingIntent sent, PendingIntent delivered, long messageId) {
        sendTextMessageInternal(destination, center, text, sent, delivered, true, null, null, messageId);
    }

    public void sendMultipartTextMessage(String destination, String center, ArrayList<String> parts,
            ArrayList<PendingIntent> sent, ArrayList<PendingIntent> delivered) {
        sendMultipartTextMessageInternal(destination, center, parts, sent, delivered, true, null, null, 0L);
    }

    /** A single part goes the way of a text. */
    private void sendMultipartTextMessageInternal(String destination, String center, List<String> parts, List<PendingIntent> sent,
            List<PendingIntent> delivered, boolean persist, String packageName, String attributionTag, long messageId) {
        if (parts != null && parts.size() == 1) {
            PendingIntent first = sent == null || sent.isEmpty() ? null : sent.get(0);
            PendingIntent last = delivered == null || delivered.isEmpty() ? null : delivered.get(0);
            sendTextMessageInternal(destination, center, parts.get(0), first, last, persist, packageName, attributionTag, messageId);
            return;
        }
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
        sendMultipartTextMessageInternal(destination, center, parts, sent, delivered, true, null, null, messageId);
    }

    public void sendMultipartTextMessage(String destination, String center, List<String> parts, List<PendingIntent> sent,
            List<PendingIntent> delivered, String packageName, String attributionTag) {
        sendMultipartTextMessageInternal(destination, center, parts, sent, delivered, true, packageName, attributionTag, 0L);
    }

    public void sendMultimediaMessage(Context context, Uri content, String locationUrl, Bundle overrides, PendingIntent sent) {
        sendMultimediaMessage(context, content, locationUrl, overrides, sent, 0L);
    }

    public void sendMultimediaMessage(
            Context context, Uri content, String locationUrl, Bundle overrides, PendingIntent sent, long messageId) {
        sent("sendMultimediaMessage");
    }

    public void sendTextMessageWithoutPersisting(
            String destination, String center, String text, PendingIntent sent, PendingIntent delivered) {
        Read.need("sms", CLS, "sendTextMessageWithoutPersisting", "android.permission.MODIFY_PHONE_STATE");
        sendTextMessageInternal(destination, center, text, sent, delivered, false, null, null, 0L);
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
    public void sendTextMessageInternal(java.lang.String a0, java.lang.String a1, java.lang.String a2, android.app.PendingIntent a3, android.app.PendingIntent a4, boolean a5) { standin.Canary.done("sms_manager.send_text_message_internal", "sms", "android.telephony.SmsManager", "sendTextMessageInternal"); }
    public void sendTextMessageInternal(java.lang.String a0, java.lang.String a1, java.lang.String a2, android.app.PendingIntent a3, android.app.PendingIntent a4, boolean a5, int a6, boolean a7, int a8) { standin.Canary.done("sms_manager.send_text_message_internal", "sms", "android.telephony.SmsManager", "sendTextMessageInternal"); }
    public void sendTextMessageWithSelfPermissions(java.lang.String a0, java.lang.String a1, java.lang.String a2, android.app.PendingIntent a3, android.app.PendingIntent a4) { standin.Canary.done("sms_manager.send_text_message_with_self_permissions", "sms", "android.telephony.SmsManager", "sendTextMessageWithSelfPermissions"); }
    public void sendTextMessageWithSelfPermissions(java.lang.String a0, java.lang.String a1, java.lang.String a2, android.app.PendingIntent a3, android.app.PendingIntent a4, boolean a5) { standin.Canary.done("sms_manager.send_text_message_with_self_permissions", "sms", "android.telephony.SmsManager", "sendTextMessageWithSelfPermissions"); }
}
