package android.database;

import android.database.sqlite.SQLiteDatabase;

public final class DatabaseUtils {
    private DatabaseUtils() {}

    public static long queryNumEntries(SQLiteDatabase database, String table) {
        try (Cursor rows = database.rawQuery("SELECT COUNT(*) FROM " + table, null)) {
            rows.moveToFirst();
            return rows.getLong(0);
        }
    }
}
