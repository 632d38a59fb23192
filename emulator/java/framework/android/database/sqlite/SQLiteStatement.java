package android.database.sqlite;

import android.database.Cursor;

public final class SQLiteStatement extends SQLiteProgram {
    SQLiteStatement(SQLiteDatabase database, String sql) {
        super(database, sql);
    }

    public void execute() { mDatabase.run(mSql, args()); }
    public int executeUpdateDelete() { return mDatabase.changed(mSql, args()); }
    public long executeInsert() { return mDatabase.inserted(mSql, args()); }

    public long simpleQueryForLong() {
        try (Cursor row = mDatabase.found(mSql, args())) {
            if (!row.moveToFirst()) throw new SQLiteException("query returned no rows");
            return row.getLong(0);
        }
    }

    public String simpleQueryForString() {
        try (Cursor row = mDatabase.found(mSql, args())) {
            if (!row.moveToFirst()) throw new SQLiteException("query returned no rows");
            return row.getString(0);
        }
    }
}
