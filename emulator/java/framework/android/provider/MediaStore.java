package android.provider;

import android.content.ContentResolver;
import android.database.Cursor;
import android.net.Uri;

public final class MediaStore {
    public static final String AUTHORITY = "media";
    public static final Uri AUTHORITY_URI = Uri.parse("content://media");
    public static final String ACTION_IMAGE_CAPTURE = "android.media.action.IMAGE_CAPTURE";
    public static final String ACTION_PICK_IMAGES = "android.provider.action.PICK_IMAGES";

    private MediaStore() {}

    public static Uri setRequireOriginal(Uri uri) {
        return uri.buildUpon().appendQueryParameter("requireOriginal", "1").build();
    }

    public interface MediaColumns extends BaseColumns {
        String DATA = "_data";
        String DISPLAY_NAME = "_display_name";
        String MIME_TYPE = "mime_type";
        String SIZE = "_size";
        String DATE_ADDED = "date_added";
        String DATE_MODIFIED = "date_modified";
        String DATE_TAKEN = "datetaken";
        String TITLE = "title";
        String WIDTH = "width";
        String HEIGHT = "height";
        String DURATION = "duration";
        String ORIENTATION = "orientation";
        String RELATIVE_PATH = "relative_path";
        String BUCKET_ID = "bucket_id";
        String BUCKET_DISPLAY_NAME = "bucket_display_name";
        String IS_PENDING = "is_pending";
        String OWNER_PACKAGE_NAME = "owner_package_name";
    }

    public static final class Files {
        private Files() {}

        public static Uri getContentUri(String volumeName) {
            return Uri.parse("content://media/" + volumeName + "/file");
        }
    }

    public static final class Images {
        private Images() {}

        public static final class Media implements MediaColumns {
            public static final Uri EXTERNAL_CONTENT_URI = Uri.parse("content://media/external/images/media");
            public static final String LATITUDE = "latitude";
            public static final String LONGITUDE = "longitude";

            private Media() {}

            public static Uri getContentUri(String volumeName) {
                return Uri.parse("content://media/" + volumeName + "/images/media");
            }

            @Deprecated
            public static Cursor query(ContentResolver cr, Uri uri, String[] projection) {
                return cr.query(uri, projection, null, null, null);
            }

            @Deprecated
            public static Cursor query(ContentResolver cr, Uri uri, String[] projection, String where, String orderBy) {
                return cr.query(uri, projection, where, null, orderBy);
            }

            @Deprecated
            public static Cursor query(
                    ContentResolver cr, Uri uri, String[] projection, String selection, String[] selectionArgs, String orderBy) {
                return cr.query(uri, projection, selection, selectionArgs, orderBy);
            }
        }
    }

    public static final class Video {
        private Video() {}

        public static final class Media implements MediaColumns {
            public static final Uri EXTERNAL_CONTENT_URI = Uri.parse("content://media/external/video/media");

            private Media() {}
        }
    }

    public static final class Audio {
        private Audio() {}

        public static final class Media implements MediaColumns {
            public static final Uri EXTERNAL_CONTENT_URI = Uri.parse("content://media/external/audio/media");

            private Media() {}
        }
    }
}
