package android.app;

import android.content.Context;
import android.database.Cursor;
import android.database.MatrixCursor;
import android.net.Uri;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is asked for: nobody fetches it here, so that it stays pending. */
public class DownloadManager {
    private static final List<Request> QUEUE = new ArrayList<>();

    public static class Request {
        public static final int NETWORK_MOBILE = 1;
        public static final int NETWORK_WIFI = 2;
        public static final int VISIBILITY_VISIBLE = 0;
        public static final int VISIBILITY_VISIBLE_NOTIFY_COMPLETED = 1;
        public static final int VISIBILITY_HIDDEN = 2;
        public static final int VISIBILITY_VISIBLE_NOTIFY_ONLY_COMPLETION = 3;
        private final Uri uri;
        private CharSequence title = "";
        private CharSequence description = "";
        private String type;
        private Uri target;

        public Request(Uri uri) {
            if (uri == null) throw new NullPointerException();
            String scheme = uri.getScheme();
            if (!"http".equals(scheme) && !"https".equals(scheme)) throw new IllegalArgumentException("Can only download HTTP/HTTPS URIs: " + uri);
            this.uri = uri;
        }

        public Request setTitle(CharSequence v) { title = v; return this; }
        public Request setDescription(CharSequence v) { description = v; return this; }
        public Request setMimeType(String v) { type = v; return this; }
        public Request setDestinationUri(Uri v) { target = v; return this; }
        public Request setDestinationInExternalFilesDir(Context context, String dirType, String subPath) { return setDestinationUri(Uri.fromFile(new java.io.File(context.getExternalFilesDir(dirType), subPath))); }
        public Request setDestinationInExternalPublicDir(String dirType, String subPath) { return setDestinationUri(Uri.fromFile(new java.io.File(android.os.Environment.getExternalStoragePublicDirectory(dirType), subPath))); }
        public Request addRequestHeader(String header, String value) { return this; }
        public Request setNotificationVisibility(int visibility) { return this; }
        public Request setShowRunningNotification(boolean show) { return this; }
        public Request setVisibleInDownloadsUi(boolean visible) { return this; }
        public Request setAllowedNetworkTypes(int flags) { return this; }
        public Request setAllowedOverRoaming(boolean allowed) { return this; }
        public Request setAllowedOverMetered(boolean allowed) { return this; }
        public Request setRequiresCharging(boolean required) { return this; }
        public Request setRequiresDeviceIdle(boolean required) { return this; }
        public void allowScanningByMediaScanner() {}
    }

    public static class Query {
        private long[] ids;
        private int status = -1;

        public Query setFilterById(long... v) { ids = v; return this; }
        public Query setFilterByStatus(int flags) { status = flags; return this; }
    }

    public long enqueue(Request request) {
        synchronized (QUEUE) {
            QUEUE.add(request);
            return standin.Read.give("net", "android.app.DownloadManager", "enqueue", (long) QUEUE.size());
        }
    }

    public Cursor query(Query query) {
        MatrixCursor rows = new MatrixCursor(new String[] {"_id", "title", "description", "uri", "media_type", "total_size", "status", "reason", "bytes_so_far", "local_uri"});
        synchronized (QUEUE) {
            for (int i = 0; i < QUEUE.size(); i++) {
                Request one = QUEUE.get(i);
                long id = i + 1;
                if (one == null || (query.status & STATUS_PENDING) == 0) continue;
                if (query.ids != null && java.util.Arrays.stream(query.ids).noneMatch(x -> x == id)) continue;
                rows.addRow(new Object[] {id, one.title, one.description, one.uri, one.type, -1, STATUS_PENDING, 0, 0, one.target});
            }
        }
        return rows;
    }

    public int remove(long... ids) {
        int gone = 0;
        synchronized (QUEUE) {
            for (long id : ids) if (id >= 1 && id <= QUEUE.size() && QUEUE.set((int) id - 1, null) != null) gone++;
        }
        return gone;
    }

    public Uri getUriForDownloadedFile(long id) { return null; }
    public String getMimeTypeForDownloadedFile(long id) { return null; }
    public android.os.ParcelFileDescriptor openDownloadedFile(long id) throws java.io.FileNotFoundException { throw new java.io.FileNotFoundException("download " + id); }
    public static Long getMaxBytesOverMobile(Context context) { return null; }
    public static Long getRecommendedMaxBytesOverMobile(Context context) { return null; }
}
