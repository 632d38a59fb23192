package android.content;

import android.database.Cursor;
import android.net.Uri;

public class CursorLoader extends AsyncTaskLoader<Cursor> {
    private final ForceLoadContentObserver observer = new ForceLoadContentObserver();
    private Cursor cursor;
    private Uri uri;
    private String[] projection;
    private String selection;
    private String[] args;
    private String order;

    public CursorLoader(Context context) { super(context); }
    public CursorLoader(Context context, Uri uri, String[] projection, String selection, String[] args, String order) {
        super(context);
        this.uri = uri;
        this.projection = projection;
        this.selection = selection;
        this.args = args;
        this.order = order;
    }

    @Override public Cursor loadInBackground() {
        Cursor found = getContext().getContentResolver().query(uri, projection, selection, args, order);
        if (found != null) found.registerContentObserver(observer);
        return found;
    }
    @Override public void deliverResult(Cursor data) {
        Cursor old = cursor;
        cursor = data;
        if (isStarted()) super.deliverResult(data);
        if (old != null && old != data) old.close();
    }
    @Override protected void onStartLoading() {
        if (cursor != null) deliverResult(cursor);
        if (takeContentChanged() || cursor == null) forceLoad();
    }
    @Override protected void onStopLoading() { cancelLoad(); }
    @Override protected void onReset() {
        if (cursor != null) cursor.close();
        cursor = null;
    }
    public Uri getUri() { return uri; }
    public void setUri(Uri v) { uri = v; }
    public void setProjection(String[] v) { projection = v; }
    public void setSelection(String v) { selection = v; }
    public void setSelectionArgs(String[] v) { args = v; }
    public void setSortOrder(String v) { order = v; }
}
