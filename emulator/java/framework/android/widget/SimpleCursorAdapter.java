package android.widget;

import android.content.Context;
import android.database.Cursor;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;

public class SimpleCursorAdapter extends CursorAdapter {
    private final int mLayout;
    private final String[] mFrom;
    private final int[] mTo;

    public SimpleCursorAdapter(Context context, int layout, Cursor c, String[] from, int[] to) { this(context, layout, c, from, to, 0); }
    public SimpleCursorAdapter(Context context, int layout, Cursor c, String[] from, int[] to, int flags) {
        super(context, c, flags);
        mLayout = layout;
        mFrom = from;
        mTo = to;
    }

    @Override public View newView(Context context, Cursor cursor, ViewGroup parent) { return LayoutInflater.from(context).inflate(mLayout, parent, false); }
    @Override public void bindView(View view, Context context, Cursor cursor) {
        for (int i = 0; i < mTo.length; i++) {
            View at = view.findViewById(mTo[i]);
            String text = cursor.getString(cursor.getColumnIndexOrThrow(mFrom[i]));
            if (at instanceof TextView) ((TextView) at).setText(text == null ? "" : text);
        }
    }
}
