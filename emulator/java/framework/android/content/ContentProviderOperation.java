package android.content;

import android.net.Uri;
import java.util.LinkedHashMap;
import java.util.Map;

public class ContentProviderOperation {
    private final char kind;
    private final Uri uri;
    private final ContentValues values = new ContentValues();
    private final Map<String, Integer> back = new LinkedHashMap<>();
    private String selection;
    private String[] args;
    private Integer expected;

    private ContentProviderOperation(char kind, Uri uri) {
        this.kind = kind;
        this.uri = uri;
    }

    public static Builder newInsert(Uri uri) { return new Builder('i', uri); }
    public static Builder newUpdate(Uri uri) { return new Builder('u', uri); }
    public static Builder newDelete(Uri uri) { return new Builder('d', uri); }
    public static Builder newAssertQuery(Uri uri) { return new Builder('q', uri); }
    public Uri getUri() { return uri; }
    public boolean isInsert() { return kind == 'i'; }
    public boolean isUpdate() { return kind == 'u'; }
    public boolean isDelete() { return kind == 'd'; }
    public boolean isAssertQuery() { return kind == 'q'; }
    public boolean isWriteOperation() { return kind != 'q'; }
    public boolean isYieldAllowed() { return false; }

    ContentProviderResult standinApply(ContentResolver to, ContentProviderResult[] before, int at) throws OperationApplicationException {
        ContentValues all = new ContentValues(values);
        for (Map.Entry<String, Integer> one : back.entrySet()) {
            ContentProviderResult earlier = before[one.getValue()];
            all.put(one.getKey(), earlier.uri != null ? ContentUris.parseId(earlier.uri) : Long.valueOf(earlier.count));
        }
        if (kind == 'i') return new ContentProviderResult(to.insert(uri, all));
        int count = kind == 'u' ? to.update(uri, all, selection, args) : kind == 'd' ? to.delete(uri, selection, args) : rows(to);
        if (expected != null && expected != count) throw new OperationApplicationException("Wrong number of rows: " + count, at);
        return new ContentProviderResult(count);
    }

    private int rows(ContentResolver to) {
        try (android.database.Cursor found = to.query(uri, null, selection, args, null)) {
            return found == null ? 0 : found.getCount();
        }
    }

    public static class Builder {
        private final ContentProviderOperation made;

        Builder(char kind, Uri uri) { made = new ContentProviderOperation(kind, uri); }

        public Builder withValues(ContentValues v) { made.values.putAll(v); return this; }
        public Builder withValue(String key, Object v) {
            if (v == null) made.values.putNull(key);
            else if (v instanceof byte[]) made.values.put(key, (byte[]) v);
            else if (v instanceof Integer) made.values.put(key, (Integer) v);
            else if (v instanceof Long) made.values.put(key, (Long) v);
            else if (v instanceof Boolean) made.values.put(key, (Boolean) v);
            else if (v instanceof Number) made.values.put(key, ((Number) v).doubleValue());
            else if (v instanceof CharSequence) made.values.put(key, v.toString());
            else throw new IllegalArgumentException("bad value type: " + v.getClass().getName());
            return this;
        }
        public Builder withValueBackReference(String key, int previous) { made.back.put(key, previous); return this; }
        public Builder withSelection(String selection, String[] args) {
            made.selection = selection;
            made.args = args;
            return this;
        }
        public Builder withExpectedCount(int count) { made.expected = count; return this; }
        public Builder withYieldAllowed(boolean v) { return this; }
        public Builder withExceptionAllowed(boolean v) { return this; }
        public ContentProviderOperation build() { return made; }
    }
}
