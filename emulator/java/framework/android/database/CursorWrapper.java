package android.database;

import android.os.Bundle;

public class CursorWrapper implements Cursor {
    protected final Cursor mCursor;

    public CursorWrapper(Cursor cursor) {
        mCursor = cursor;
    }

    public Cursor getWrappedCursor() { return mCursor; }
    @Override public int getCount() { return mCursor.getCount(); }
    @Override public int getPosition() { return mCursor.getPosition(); }
    @Override public boolean move(int o) { return mCursor.move(o); }
    @Override public boolean moveToPosition(int p) { return mCursor.moveToPosition(p); }
    @Override public boolean moveToFirst() { return mCursor.moveToFirst(); }
    @Override public boolean moveToLast() { return mCursor.moveToLast(); }
    @Override public boolean moveToNext() { return mCursor.moveToNext(); }
    @Override public boolean moveToPrevious() { return mCursor.moveToPrevious(); }
    @Override public boolean isFirst() { return mCursor.isFirst(); }
    @Override public boolean isLast() { return mCursor.isLast(); }
    @Override public boolean isBeforeFirst() { return mCursor.isBeforeFirst(); }
    @Override public boolean isAfterLast() { return mCursor.isAfterLast(); }
    @Override public int getColumnIndex(String n) { return mCursor.getColumnIndex(n); }
    @Override public int getColumnIndexOrThrow(String n) { return mCursor.getColumnIndexOrThrow(n); }
    @Override public String getColumnName(int i) { return mCursor.getColumnName(i); }
    @Override public String[] getColumnNames() { return mCursor.getColumnNames(); }
    @Override public int getColumnCount() { return mCursor.getColumnCount(); }
    @Override public byte[] getBlob(int i) { return mCursor.getBlob(i); }
    @Override public String getString(int i) { return mCursor.getString(i); }
    @Override public short getShort(int i) { return mCursor.getShort(i); }
    @Override public int getInt(int i) { return mCursor.getInt(i); }
    @Override public long getLong(int i) { return mCursor.getLong(i); }
    @Override public float getFloat(int i) { return mCursor.getFloat(i); }
    @Override public double getDouble(int i) { return mCursor.getDouble(i); }
    @Override public int getType(int i) { return mCursor.getType(i); }
    @Override public boolean isNull(int i) { return mCursor.isNull(i); }
    @Override public void close() { mCursor.close(); }
    @Override public boolean isClosed() { return mCursor.isClosed(); }
    @Override public void registerContentObserver(ContentObserver o) { mCursor.registerContentObserver(o); }
    @Override public void unregisterContentObserver(ContentObserver o) { mCursor.unregisterContentObserver(o); }
    @Override public void registerDataSetObserver(DataSetObserver o) { mCursor.registerDataSetObserver(o); }
    @Override public void unregisterDataSetObserver(DataSetObserver o) { mCursor.unregisterDataSetObserver(o); }
    @Override public Bundle getExtras() { return mCursor.getExtras(); }
}
