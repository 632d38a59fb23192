package android.database;

import android.content.ContentValues;
import android.database.sqlite.SQLiteDatabase;
import android.database.sqlite.SQLiteStatement;

public final class DatabaseUtils {
    public static final int STATEMENT_SELECT = 1;
    public static final int STATEMENT_UPDATE = 2;
    public static final int STATEMENT_OTHER = 99;

    private DatabaseUtils() {}

    public static long queryNumEntries(SQLiteDatabase db, String table) { return queryNumEntries(db, table, null); }
    public static long queryNumEntries(SQLiteDatabase db, String table, String selection) { return queryNumEntries(db, table, selection, null); }
    public static long queryNumEntries(SQLiteDatabase db, String table, String selection, String[] args) {
        return longForQuery(db, "SELECT COUNT(*) FROM " + table + (selection == null || selection.isEmpty() ? "" : " WHERE " + selection), args);
    }
    public static long longForQuery(SQLiteDatabase db, String query, String[] args) {
        try (Cursor rows = db.rawQuery(query, args)) {
            if (!rows.moveToFirst()) throw new android.database.sqlite.SQLiteDoneException("query returned no row");
            return rows.getLong(0);
        }
    }
    public static long longForQuery(SQLiteStatement prog, String[] args) {
        prog.bindAllArgsAsStrings(args);
        return prog.simpleQueryForLong();
    }
    public static String stringForQuery(SQLiteDatabase db, String query, String[] args) {
        try (Cursor rows = db.rawQuery(query, args)) {
            if (!rows.moveToFirst()) throw new android.database.sqlite.SQLiteDoneException("query returned no row");
            return rows.getString(0);
        }
    }
    public static String sqlEscapeString(String value) { return "'" + value.replace("'", "''") + "'"; }
    public static void appendEscapedSQLString(StringBuilder sb, String value) { sb.append(sqlEscapeString(value)); }
    public static String concatenateWhere(String a, String b) { return a == null || a.isEmpty() ? b : b == null || b.isEmpty() ? a : "(" + a + ") AND (" + b + ")"; }
    public static String[] appendSelectionArgs(String[] original, String[] more) {
        if (original == null || original.length == 0) return more;
        String[] all = java.util.Arrays.copyOf(original, original.length + more.length);
        System.arraycopy(more, 0, all, original.length, more.length);
        return all;
    }
    public static void cursorRowToContentValues(Cursor cursor, ContentValues values) {
        for (int i = 0; i < cursor.getColumnCount(); i++) {
            if (cursor.getType(i) == Cursor.FIELD_TYPE_BLOB) values.put(cursor.getColumnName(i), cursor.getBlob(i));
            else values.put(cursor.getColumnName(i), cursor.getString(i));
        }
    }
    public static void cursorStringToContentValues(Cursor cursor, String field, ContentValues values) { values.put(field, cursor.getString(cursor.getColumnIndexOrThrow(field))); }
    public static void cursorIntToContentValues(Cursor cursor, String field, ContentValues values) { values.put(field, cursor.getInt(cursor.getColumnIndexOrThrow(field))); }
    public static void cursorLongToContentValues(Cursor cursor, String field, ContentValues values) { values.put(field, cursor.getLong(cursor.getColumnIndexOrThrow(field))); }
    public static String dumpCurrentRowToString(Cursor cursor) {
        StringBuilder out = new StringBuilder(cursor.getPosition() + " {\n");
        for (int i = 0; i < cursor.getColumnCount(); i++) out.append("   ").append(cursor.getColumnName(i)).append('=').append(cursor.getString(i)).append('\n');
        return out.append("}\n").toString();
    }
    public static String dumpCursorToString(Cursor cursor) {
        StringBuilder out = new StringBuilder(">>>>> Dumping cursor " + cursor + "\n");
        int was = cursor.getPosition();
        cursor.moveToPosition(-1);
        while (cursor.moveToNext()) out.append(dumpCurrentRowToString(cursor));
        cursor.moveToPosition(was);
        return out.append("<<<<<\n").toString();
    }
    public static void dumpCursor(Cursor cursor) { System.out.println(dumpCursorToString(cursor)); }
    public static int getSqlStatementType(String sql) {
        String word = sql.trim().toUpperCase(java.util.Locale.ROOT);
        return word.startsWith("SEL") ? STATEMENT_SELECT : word.matches("(?s)(INS|UPD|REP|DEL).*") ? STATEMENT_UPDATE : STATEMENT_OTHER;
    }
}
