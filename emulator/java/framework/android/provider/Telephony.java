package android.provider;

import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.telephony.SmsMessage;

public final class Telephony {
    public static final class Sms implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://sms");
        public static final String ADDRESS = "address";
        public static final String BODY = "body";
        public static final String DATE = "date";
        public static final String TYPE = "type";

        private Sms() {}

        public static String getDefaultSmsPackage(Context context) {
            return "com.android.messaging";
        }

        public static final class Inbox {
            public static final Uri CONTENT_URI = Uri.parse("content://sms/inbox");

            private Inbox() {}
        }

        public static final class Intents {
            public static final String SMS_RECEIVED_ACTION = "android.provider.Telephony.SMS_RECEIVED";

            private Intents() {}

            public static SmsMessage[] getMessagesFromIntent(Intent intent) {
                Object pdus = intent.getExtras() == null ? null : intent.getExtras().get("pdus");
                if (!(pdus instanceof Object[])) return new SmsMessage[0];
                Object[] all = (Object[]) pdus;
                SmsMessage[] messages = new SmsMessage[all.length];
                for (int i = 0; i < all.length; i++) messages[i] = SmsMessage.createFromPdu((byte[]) all[i], "3gpp");
                return standin.Read.give("sms", "android.provider.Telephony$Sms$Intents", "getMessagesFromIntent", messages);
            }
        }
    }

    public static final class Mms implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://mms");

        private Mms() {}
    }

    private Telephony() {}
}
