package android.database.sqlite;

import android.content.ContentValues;
import android.database.Cursor;
import android.database.DatabaseErrorHandler;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import standin.Content;
import standin.Device;

/** A database: the statements are run by a real SQLite on the device's side. */
public final class SQLiteDatabase extends SQLiteClosable {
    public static final int OPEN_READWRITE = 0;
    public static final int OPEN_READONLY = 1;
    public static final int NO_LOCALIZED_COLLATORS = 16;
    public static final int CREATE_IF_NECESSARY = 0x10000000;
    public static final int ENABLE_WRITE_AHEAD_LOGGING = 0x20000000;
    public static final int CONFLICT_NONE = 0;
    public static final int CONFLICT_ROLLBACK = 1;
    public static final int CONFLICT_ABORT = 2;
    public static final int CONFLICT_FAIL = 3;
    public static final int CONFLICT_IGNORE = 4;
    public static final int CONFLICT_REPLACE = 5;
    private static final String[] CONFLICTS = {"", " OR ROLLBACK", " OR ABORT", " OR FAIL", " OR IGNORE", " OR REPLACE"};

    public interface CursorFactory {
        Cursor newCursor(SQLiteDatabase db, Object driver, String table, Object query);
    }

    private final String mPath;
    private final Object mHandle;
    private boolean mOpen = true;
    private int mDepth;
    private boolean mWell;
    private boolean mFailed;

    private SQLiteDatabase(String path) {
        mPath = path;
        mHandle = Device.call("db.open", Map.of("path", path));
    }

    public static SQLiteDatabase create(CursorFactory factory) { return new SQLiteDatabase(":memory:"); }
    public static SQLiteDatabase openOrCreateDatabase(File file, CursorFactory factory) { return new SQLiteDatabase(file.getPath()); }
    public static SQLiteDatabase openOrCreateDatabase(String path, CursorFactory factory) { return new SQLiteDatabase(path); }
    public static SQLiteDatabase openOrCreateDatabase(String path, CursorFactory factory, DatabaseErrorHandler handler) { return new SQLiteDatabase(path); }

    public static SQLiteDatabase openDatabase(String path, CursorFactory factory, int flags) {
        if ((flags & CREATE_IF_NECESSARY) == 0 && !new File(path).exists()) {
            throw new SQLiteCantOpenDatabaseException("unable to open database file (code 14): " + path);
        }
        return new SQLiteDatabase(path);
    }

    public static SQLiteDatabase openDatabase(String path, CursorFactory factory, int flags, DatabaseErrorHandler handler) {
        return openDatabase(path, factory, flags);
    }

    public static boolean deleteDatabase(File file) { return file.delete(); }

    @SuppressWarnings("unchecked")
    Map<String, Object> run(String sql, Object[] args) {
        if (!mOpen) throw new IllegalStateException("attempt to re-open an already-closed object: SQLiteDatabase: " + mPath);
        List<Object> plain = new ArrayList<>();
        for (Object one : args == null ? new Object[0] : args) {
            boolean kept = one == null || one instanceof Number || one instanceof String;
            plain.add(kept ? one : one instanceof Boolean ? (Object) ((Boolean) one ? 1 : 0)
                    : one instanceof byte[] ? new String((byte[]) one, java.nio.charset.StandardCharsets.ISO_8859_1) : one.toString());
        }
        Map<String, Object> a = new LinkedHashMap<>();
        a.put("db", mHandle);
        a.put("sql", sql);
        a.put("args", plain);
        return (Map<String, Object>) Device.call("db.run", a);
    }

    int changed(String sql, Object[] args) { return ((Number) run(sql, args).get("changed")).intValue(); }

    long inserted(String sql, Object[] args) {
        Map<String, Object> done = run(sql, args);
        return ((Number) done.get("changed")).longValue() > 0 ? ((Number) done.get("id")).longValue() : -1;
    }

    Cursor found(String sql, Object[] args) { return Content.cursor(run(sql, args)); }

    public void execSQL(String sql) { run(sql, null); }
    public void execSQL(String sql, Object[] args) { run(sql, args); }
    public Cursor rawQuery(String sql, String[] args) { return found(sql, args); }
    public SQLiteStatement compileStatement(String sql) { return new SQLiteStatement(this, sql); }

    public Cursor query(String table, String[] columns, String selection, String[] args, String groupBy, String having, String orderBy) {
        return query(false, table, columns, selection, args, groupBy, having, orderBy, null);
    }

    public Cursor query(String table, String[] columns, String selection, String[] args, String groupBy, String having, String orderBy, String limit) {
        return query(false, table, columns, selection, args, groupBy, having, orderBy, limit);
    }

    public Cursor query(boolean distinct, String table, String[] columns, String selection, String[] args, String groupBy, String having, String orderBy, String limit) {
        StringBuilder sql = new StringBuilder(distinct ? "SELECT DISTINCT " : "SELECT ");
        sql.append(columns == null || columns.length == 0 ? "*" : String.join(", ", columns)).append(" FROM ").append(table);
        clause(sql, " WHERE ", selection);
        clause(sql, " GROUP BY ", groupBy);
        clause(sql, " HAVING ", having);
        clause(sql, " ORDER BY ", orderBy);
        clause(sql, " LIMIT ", limit);
        return found(sql.toString(), args);
    }

    private static void clause(StringBuilder sql, String name, String text) {
        if (text != null && !text.isEmpty()) sql.append(name).append(text);
    }

    public long insert(String table, String nullColumn, ContentValues values) {
        try {
            return insertWithOnConflict(table, nullColumn, values, CONFLICT_NONE);
        } catch (android.database.SQLException e) {
            return -1;
        }
    }

    public long insertOrThrow(String table, String nullColumn, ContentValues values) { return insertWithOnConflict(table, nullColumn, values, CONFLICT_NONE); }

    public long replace(String table, String nullColumn, ContentValues values) {
        try {
            return insertWithOnConflict(table, nullColumn, values, CONFLICT_REPLACE);
        } catch (android.database.SQLException e) {
            return -1;
        }
    }

    public long replaceOrThrow(String table, String nullColumn, ContentValues values) { return insertWithOnConflict(table, nullColumn, values, CONFLICT_REPLACE); }

    public long insertWithOnConflict(String table, String nullColumn, ContentValues values, int conflict) {
        Map<String, Object> row = Content.values(values);
        if (row.isEmpty()) row.put(nullColumn, null);
        String marks = String.join(",", java.util.Collections.nCopies(row.size(), "?"));
        String sql = "INSERT" + CONFLICTS[conflict] + " INTO " + table + "(" + String.join(",", row.keySet()) + ") VALUES (" + marks + ")";
        return inserted(sql, row.values().toArray());
    }

    public int update(String table, ContentValues values, String where, String[] args) { return updateWithOnConflict(table, values, where, args, CONFLICT_NONE); }

    public int updateWithOnConflict(String table, ContentValues values, String where, String[] args, int conflict) {
        Map<String, Object> row = Content.values(values);
        if (row.isEmpty()) throw new IllegalArgumentException("Empty values");
        StringBuilder sql = new StringBuilder("UPDATE" + CONFLICTS[conflict] + " ").append(table).append(" SET ");
        sql.append(String.join("=?,", row.keySet())).append("=?");
        clause(sql, " WHERE ", where);
        List<Object> all = new ArrayList<>(row.values());
        if (args != null) all.addAll(Arrays.asList(args));
        return changed(sql.toString(), all.toArray());
    }

    public int delete(String table, String where, String[] args) {
        StringBuilder sql = new StringBuilder("DELETE FROM ").append(table);
        clause(sql, " WHERE ", where);
        return changed(sql.toString(), args);
    }

    public int getVersion() { return (int) compileStatement("PRAGMA user_version").simpleQueryForLong(); }
    public void setVersion(int version) { execSQL("PRAGMA user_version = " + version); }
    public boolean needUpgrade(int version) { return version > getVersion(); }

    public void beginTransaction() {
        if (mDepth++ > 0) {
            mWell = false;
            return;
        }
        execSQL("BEGIN IMMEDIATE");
        mWell = false;
        mFailed = false;
    }

    public void beginTransactionNonExclusive() { beginTransaction(); }
    public void setTransactionSuccessful() { mWell = true; }

    public void endTransaction() {
        if (mDepth == 0) throw new IllegalStateException("Cannot perform this operation because there is no current transaction.");
        mFailed |= !mWell;
        mWell = false;
        if (--mDepth == 0) execSQL(mFailed ? "ROLLBACK" : "COMMIT");
    }

    public boolean inTransaction() { return mDepth > 0; }
    public boolean yieldIfContendedSafely() { return false; }
    public boolean isOpen() { return mOpen; }
    public boolean isReadOnly() { return false; }
    public boolean isDbLockedByCurrentThread() { return mDepth > 0; }
    public boolean enableWriteAheadLogging() { return false; }
    public void disableWriteAheadLogging() {}
    public void setLockingEnabled(boolean enabled) {}
    public void setForeignKeyConstraintsEnabled(boolean on) { execSQL("PRAGMA foreign_keys = " + (on ? "ON" : "OFF")); }
    public long setMaximumSize(long bytes) { return bytes; }
    public String getPath() { return mPath; }

    @Override
    public void close() {
        if (!mOpen) return;
        mOpen = false;
        Device.call("db.close", Map.of("db", mHandle));
    }
}
