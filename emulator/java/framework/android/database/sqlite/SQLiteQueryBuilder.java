package android.database.sqlite;

import android.database.Cursor;
import android.text.TextUtils;
import java.util.Map;

public class SQLiteQueryBuilder {
    private Map<String, String> mProjectionMap;
    private String mTables = "";
    private final StringBuilder mWhere = new StringBuilder();
    private boolean mDistinct;

    public void setDistinct(boolean distinct) { mDistinct = distinct; }
    public boolean isDistinct() { return mDistinct; }
    public void setTables(String tables) { mTables = tables; }
    public String getTables() { return mTables; }
    public void setProjectionMap(Map<String, String> columnMap) { mProjectionMap = columnMap; }
    public void setStrict(boolean strict) {}
    public void appendWhere(CharSequence inWhere) { mWhere.append(inWhere); }
    public void appendWhereEscapeString(String inWhere) { mWhere.append('\'').append(inWhere.replace("'", "''")).append('\''); }

    private String[] columns(String[] asked) {
        if (mProjectionMap == null || asked == null) return asked;
        String[] out = asked.clone();
        for (int i = 0; i < out.length; i++) {
            String column = mProjectionMap.get(out[i]);
            if (column == null) throw new IllegalArgumentException("Invalid column " + out[i]);
            out[i] = column;
        }
        return out;
    }
    private static String clause(String name, String clause) { return TextUtils.isEmpty(clause) ? "" : name + clause; }
    public static String buildQueryString(boolean distinct, String tables, String[] columns, String where, String groupBy, String having, String orderBy, String limit) {
        if (TextUtils.isEmpty(groupBy) && !TextUtils.isEmpty(having)) throw new IllegalArgumentException("HAVING clauses are only permitted when using a groupBy clause");
        return "SELECT " + (distinct ? "DISTINCT " : "") + (columns == null || columns.length == 0 ? "*" : TextUtils.join(", ", columns)) + " FROM " + tables
                + clause(" WHERE ", where) + clause(" GROUP BY ", groupBy) + clause(" HAVING ", having) + clause(" ORDER BY ", orderBy) + clause(" LIMIT ", limit);
    }
    public String buildQuery(String[] projection, String selection, String groupBy, String having, String sortOrder, String limit) {
        String where = mWhere.length() == 0 ? "" : "(" + mWhere + ")";
        if (!TextUtils.isEmpty(selection)) where += (where.isEmpty() ? "" : " AND ") + "(" + selection + ")";
        return buildQueryString(mDistinct, mTables, columns(projection), where, groupBy, having, sortOrder, limit);
    }
    public Cursor query(SQLiteDatabase db, String[] projection, String selection, String[] args, String groupBy, String having, String sortOrder) {
        return query(db, projection, selection, args, groupBy, having, sortOrder, null);
    }
    public Cursor query(SQLiteDatabase db, String[] projection, String selection, String[] args, String groupBy, String having, String sortOrder, String limit) {
        return db.rawQuery(buildQuery(projection, selection, groupBy, having, sortOrder, limit), args);
    }
}
