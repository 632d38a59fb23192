package android.database.sqlite;

import java.util.ArrayList;
import java.util.List;

/** A statement with its arguments, counted from one. */
public abstract class SQLiteProgram extends SQLiteClosable {
    final SQLiteDatabase mDatabase;
    final String mSql;
    private final List<Object> mArgs = new ArrayList<>();

    SQLiteProgram(SQLiteDatabase database, String sql) {
        mDatabase = database;
        mSql = sql;
    }

    private void bind(int index, Object value) {
        while (mArgs.size() < index) mArgs.add(null);
        mArgs.set(index - 1, value);
    }

    Object[] args() { return mArgs.toArray(); }
    public void bindNull(int index) { bind(index, null); }
    public void bindLong(int index, long value) { bind(index, value); }
    public void bindDouble(int index, double value) { bind(index, value); }
    public void bindString(int index, String value) { bind(index, value); }
    public void bindBlob(int index, byte[] value) { bind(index, value); }
    public void bindAllArgsAsStrings(String[] args) { for (int i = 0; args != null && i < args.length; i++) bind(i + 1, args[i]); }
    public void clearBindings() { mArgs.clear(); }
    @Override public void close() { clearBindings(); }
}
