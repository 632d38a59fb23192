package android.content;

import android.net.Uri;

public class ContentUris {
    public static long parseId(Uri uri) {
        String last = uri.getLastPathSegment();
        return last == null ? -1 : Long.parseLong(last);
    }

    public static Uri withAppendedId(Uri uri, long id) {
        return uri.buildUpon().appendEncodedPath(String.valueOf(id)).build();
    }
}
