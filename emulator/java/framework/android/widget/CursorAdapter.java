package android.widget;

import android.content.Context;
import android.database.Cursor;
import android.view.View;
import android.view.ViewGroup;

public abstract class CursorAdapter extends BaseAdapter {
    public static final int FLAG_AUTO_REQUERY = 1;
    public static final int FLAG_REGISTER_CONTENT_OBSERVER = 2;
    private final Context mContext;
    private Cursor mCursor;

    public CursorAdapter(Context context, Cursor c) { this(context, c, 0); }
    public CursorAdapter(Context context, Cursor c, boolean autoRequery) { this(context, c, 0); }
    public CursorAdapter(Context context, Cursor c, int flags) {
        mContext = context;
        mCursor = c;
    }

    public abstract View newView(Context context, Cursor cursor, ViewGroup parent);
    public abstract void bindView(View view, Context context, Cursor cursor);

    public Cursor getCursor() { return mCursor; }
    @Override public boolean hasStableIds() { return true; }
    @Override public int getCount() { return mCursor == null ? 0 : mCursor.getCount(); }
    @Override public Object getItem(int position) { return mCursor != null && mCursor.moveToPosition(position) ? mCursor : null; }
    @Override public long getItemId(int position) { return getItem(position) == null ? 0 : mCursor.getLong(mCursor.getColumnIndexOrThrow("_id")); }
    @Override public View getView(int position, View convertView, ViewGroup parent) {
        if (getItem(position) == null) throw new IllegalStateException("couldn't move cursor to position " + position);
        View view = convertView == null ? newView(mContext, mCursor, parent) : convertView;
        bindView(view, mContext, mCursor);
        return view;
    }
    public void changeCursor(Cursor cursor) {
        Cursor old = swapCursor(cursor);
        if (old != null) old.close();
    }
    public Cursor swapCursor(Cursor cursor) {
        Cursor old = mCursor == cursor ? null : mCursor;
        mCursor = cursor;
        if (cursor != null) notifyDataSetChanged();
        else notifyDataSetInvalidated();
        return old;
    }
}
