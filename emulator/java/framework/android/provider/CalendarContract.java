package android.provider;

import android.content.ContentResolver;
import android.content.ContentUris;
import android.database.Cursor;
import android.net.Uri;

public final class CalendarContract {
    public static final String AUTHORITY = "com.android.calendar";
    public static final Uri CONTENT_URI = Uri.parse("content://com.android.calendar");

    public static final class Events implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://com.android.calendar/events");
        public static final String TITLE = "title";
        public static final String EVENT_LOCATION = "eventLocation";
        public static final String DESCRIPTION = "description";
        public static final String DTSTART = "dtstart";
        public static final String DTEND = "dtend";

        private Events() {}
    }

    public static final class Calendars implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://com.android.calendar/calendars");

        private Calendars() {}
    }

    public static final class Instances implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://com.android.calendar/instances/when");

        private Instances() {}

        public static Cursor query(ContentResolver cr, String[] projection, long begin, long end) {
            Uri uri = ContentUris.withAppendedId(ContentUris.withAppendedId(CONTENT_URI, begin), end);
            return cr.query(uri, projection, null, null, null);
        }
    }

    public static final class Attendees implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://com.android.calendar/attendees");

        private Attendees() {}

        public static Cursor query(ContentResolver cr, long eventId, String[] projection) {
            return cr.query(CONTENT_URI, projection, "event_id=?", new String[] {Long.toString(eventId)}, null);
        }
    }

    public static final class Reminders implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://com.android.calendar/reminders");

        private Reminders() {}

        public static Cursor query(ContentResolver cr, long eventId, String[] projection) {
            return cr.query(CONTENT_URI, projection, "event_id=?", new String[] {Long.toString(eventId)}, null);
        }
    }

    private CalendarContract() {}
}
