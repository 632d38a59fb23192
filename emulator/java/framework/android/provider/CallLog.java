package android.provider;

import android.content.Context;
import android.database.Cursor;
import android.net.Uri;

public class CallLog {
    public static final String AUTHORITY = "call_log";
    public static final Uri CONTENT_URI = Uri.parse("content://call_log");

    public static class Calls implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://call_log/calls");
        public static final String NUMBER = "number";
        public static final String CACHED_NAME = "name";
        public static final String DATE = "date";
        public static final String DURATION = "duration";
        public static final String TYPE = "type";
        public static final int INCOMING_TYPE = 1;
        public static final int OUTGOING_TYPE = 2;
        public static final int MISSED_TYPE = 3;
        public static final String DEFAULT_SORT_ORDER = "date DESC";

        public static String getLastOutgoingCall(Context context) {
            try (Cursor cursor = context.getContentResolver().query(CONTENT_URI, new String[] {NUMBER}, TYPE + " = 2", null, DEFAULT_SORT_ORDER)) {
                return cursor != null && cursor.moveToFirst() ? cursor.getString(0) : "";
            }
        }
    }
}
