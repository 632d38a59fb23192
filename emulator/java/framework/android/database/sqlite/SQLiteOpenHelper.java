package android.database.sqlite;

import android.content.Context;
import android.database.DatabaseErrorHandler;

/** Opens a database, and makes or changes its tables first. */
public abstract class SQLiteOpenHelper implements AutoCloseable {
    private final Context mContext;
    private final String mName;
    private final int mVersion;
    private SQLiteDatabase mDatabase;

    public SQLiteOpenHelper(Context context, String name, SQLiteDatabase.CursorFactory factory, int version) {
        if (version < 1) throw new IllegalArgumentException("Version must be >= 1, was " + version);
        mContext = context;
        mName = name;
        mVersion = version;
    }

    public SQLiteOpenHelper(Context context, String name, SQLiteDatabase.CursorFactory factory, int version, DatabaseErrorHandler handler) {
        this(context, name, factory, version);
    }

    public String getDatabaseName() { return mName; }
    public SQLiteDatabase getReadableDatabase() { return getWritableDatabase(); }

    public synchronized SQLiteDatabase getWritableDatabase() {
        if (mDatabase != null && mDatabase.isOpen()) return mDatabase;
        SQLiteDatabase made = mName == null ? SQLiteDatabase.create(null)
                : SQLiteDatabase.openOrCreateDatabase(mContext.getDatabasePath(mName), null);
        onConfigure(made);
        int version = made.getVersion();
        if (version != mVersion) {
            made.beginTransaction();
            try {
                if (version == 0) onCreate(made);
                else if (version > mVersion) onDowngrade(made, version, mVersion);
                else onUpgrade(made, version, mVersion);
                made.setVersion(mVersion);
                made.setTransactionSuccessful();
            } finally {
                made.endTransaction();
            }
        }
        onOpen(made);
        mDatabase = made;
        return made;
    }

    public void setWriteAheadLoggingEnabled(boolean enabled) {}

    @Override
    public synchronized void close() {
        if (mDatabase != null) mDatabase.close();
        mDatabase = null;
    }

    public void onConfigure(SQLiteDatabase db) {}
    public abstract void onCreate(SQLiteDatabase db);
    public abstract void onUpgrade(SQLiteDatabase db, int oldVersion, int newVersion);
    public void onOpen(SQLiteDatabase db) {}

    public void onDowngrade(SQLiteDatabase db, int oldVersion, int newVersion) {
        throw new SQLiteException("Can't downgrade database from version " + oldVersion + " to " + newVersion);
    }
}
