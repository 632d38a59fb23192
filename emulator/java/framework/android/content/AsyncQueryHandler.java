package android.content;

import android.database.Cursor;
import android.net.Uri;
import android.os.AsyncTask;
import android.os.Handler;

/** Asks a provider on another thread and answers on the one that it was made on. */
public abstract class AsyncQueryHandler extends Handler {
    private final ContentResolver mResolver;

    public AsyncQueryHandler(ContentResolver cr) { mResolver = cr; }

    private void later(Runnable ask) { AsyncTask.SERIAL_EXECUTOR.execute(ask); }
    public void startQuery(int token, Object cookie, Uri uri, String[] projection, String selection, String[] selectionArgs, String orderBy) {
        later(() -> {
            Cursor found = mResolver.query(uri, projection, selection, selectionArgs, orderBy);
            post(() -> onQueryComplete(token, cookie, found));
        });
    }
    public final void startInsert(int token, Object cookie, Uri uri, ContentValues initialValues) {
        later(() -> {
            Uri made = mResolver.insert(uri, initialValues);
            post(() -> onInsertComplete(token, cookie, made));
        });
    }
    public final void startUpdate(int token, Object cookie, Uri uri, ContentValues values, String selection, String[] selectionArgs) {
        later(() -> {
            int count = mResolver.update(uri, values, selection, selectionArgs);
            post(() -> onUpdateComplete(token, cookie, count));
        });
    }
    public final void startDelete(int token, Object cookie, Uri uri, String selection, String[] selectionArgs) {
        later(() -> {
            int count = mResolver.delete(uri, selection, selectionArgs);
            post(() -> onDeleteComplete(token, cookie, count));
        });
    }
    protected void onQueryComplete(int token, Object cookie, Cursor cursor) {}
    protected void onInsertComplete(int token, Object cookie, Uri uri) {}
    protected void onUpdateComplete(int token, Object cookie, int result) {}
    protected void onDeleteComplete(int token, Object cookie, int result) {}
}
