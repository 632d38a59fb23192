package android.database;

import android.os.Bundle;
import java.util.Arrays;

public abstract class AbstractCursor implements Cursor {
    protected int mPos = -1;
    protected boolean mClosed;

    @Override public abstract int getCount();
    @Override public abstract String[] getColumnNames();

    /** Value of a column in the present row. */
    protected abstract Object value(int column);

    private Object at(int column) {
        if (mPos < 0 || mPos >= getCount()) {
            throw new CursorIndexOutOfBoundsException("Index " + mPos + " requested, with a size of " + getCount());
        }
        return value(column);
    }

    @Override public int getPosition() { return mPos; }
    @Override public boolean move(int offset) { return moveToPosition(mPos + offset); }
    @Override public boolean moveToPosition(int position) {
        int count = getCount();
        mPos = Math.max(-1, Math.min(position, count));
        return position >= 0 && position < count;
    }
    @Override public boolean moveToFirst() { return moveToPosition(0); }
    @Override public boolean moveToLast() { return moveToPosition(getCount() - 1); }
    @Override public boolean moveToNext() { return moveToPosition(mPos + 1); }
    @Override public boolean moveToPrevious() { return moveToPosition(mPos - 1); }
    @Override public boolean isFirst() { return mPos == 0 && getCount() > 0; }
    @Override public boolean isLast() { return mPos == getCount() - 1 && getCount() > 0; }
    @Override public boolean isBeforeFirst() { return getCount() == 0 || mPos == -1; }
    @Override public boolean isAfterLast() { return getCount() == 0 || mPos == getCount(); }
    @Override public int getColumnIndex(String name) { return Arrays.asList(getColumnNames()).indexOf(name); }
    @Override public int getColumnIndexOrThrow(String name) {
        int index = getColumnIndex(name);
        if (index < 0) throw new IllegalArgumentException("column '" + name + "' does not exist. Available columns: " + Arrays.toString(getColumnNames()));
        return index;
    }
    @Override public String getColumnName(int i) { return getColumnNames()[i]; }
    @Override public int getColumnCount() { return getColumnNames().length; }
    @Override public byte[] getBlob(int i) { Object v = at(i); return v instanceof byte[] ? (byte[]) v : v == null ? null : v.toString().getBytes(); }
    @Override public String getString(int i) { Object v = at(i); return v == null ? null : v.toString(); }
    @Override public short getShort(int i) { return (short) getDouble(i); }
    @Override public int getInt(int i) { return (int) getLong(i); }
    @Override public long getLong(int i) {
        Object v = at(i);
        if (v instanceof Number) return ((Number) v).longValue();
        try { return v == null ? 0 : Long.parseLong(v.toString()); } catch (NumberFormatException e) { return 0; }
    }
    @Override public float getFloat(int i) { return (float) getDouble(i); }
    @Override public double getDouble(int i) {
        Object v = at(i);
        if (v instanceof Number) return ((Number) v).doubleValue();
        try { return v == null ? 0 : Double.parseDouble(v.toString()); } catch (NumberFormatException e) { return 0; }
    }
    @Override public int getType(int i) {
        Object v = at(i);
        if (v == null) return FIELD_TYPE_NULL;
        if (v instanceof byte[]) return FIELD_TYPE_BLOB;
        if (v instanceof Float || v instanceof Double) return FIELD_TYPE_FLOAT;
        return v instanceof Number ? FIELD_TYPE_INTEGER : FIELD_TYPE_STRING;
    }
    @Override public boolean isNull(int i) { return at(i) == null; }
    @Override public void close() { mClosed = true; }
    @Override public boolean isClosed() { return mClosed; }
    @Override public void registerContentObserver(ContentObserver o) {}
    @Override public void unregisterContentObserver(ContentObserver o) {}
    @Override public void registerDataSetObserver(DataSetObserver o) {}
    @Override public void unregisterDataSetObserver(DataSetObserver o) {}
    @Override public Bundle getExtras() { return Bundle.EMPTY; }
    private android.content.ContentResolver mResolver;
    private android.net.Uri mNotifyUri;

    public void setNotificationUri(android.content.ContentResolver resolver, android.net.Uri uri) { mNotifyUri = uri; }
    public android.net.Uri getNotificationUri() { return mNotifyUri; }
}
