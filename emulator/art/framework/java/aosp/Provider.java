package aosp;

import android.content.AttributionSource;
import android.content.ContentProviderNative;
import android.content.ContentProviderOperation;
import android.content.ContentProviderResult;
import android.content.ContentValues;
import android.content.res.AssetFileDescriptor;
import android.database.Cursor;
import android.database.MatrixCursor;
import android.net.Uri;
import android.os.Bundle;
import android.os.ICancellationSignal;
import android.os.ParcelFileDescriptor;
import android.os.RemoteCallback;
import android.util.Log;
import android.util.MemoryIntArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;

/** A content provider of the device: settings answer calls, tables of the state are queried whole; what a provider cannot do is an exception that says so. */
final class Provider extends ContentProviderNative {
    private static final Map<String, Provider> all = new HashMap<>();
    /** Where the rows of an authority are in the device's state. */
    private static final Map<String, String> TABLES = new HashMap<>();
    static {
        TABLES.put("com.android.contacts", "contacts");
        TABLES.put("call_log", "call_log");
        TABLES.put("sms", "sms");
        TABLES.put("mms-sms", "sms");
        TABLES.put("com.android.calendar", "calendar");
        TABLES.put("media", "media");
    }
    /** Columns that the state names otherwise. */
    private static final Map<String, String> COLUMNS = new HashMap<>();
    static {
        COLUMNS.put("_id", "id");
        COLUMNS.put("display_name", "name");
        COLUMNS.put("_display_name", "name");
        COLUMNS.put("data1", "phones");
        COLUMNS.put("_data", "path");
    }
    private static MemoryIntArray generation;
    private final String authority;

    private Provider(String authority) {
        this.authority = authority;
    }

    /** The provider of an authority; null where the device has none, as the log says. */
    static synchronized Provider of(String authority) {
        if (!authority.equals("settings") && !TABLES.containsKey(authority)) {
            Log.w(Answers.TAG, "no provider: " + authority);
            return null;
        }
        return all.computeIfAbsent(authority, Provider::new);
    }

    @Override public Bundle call(AttributionSource who, String asked, String method, String name, Bundle extras) {
        String table = method.replace("GET_", "");
        if (!authority.equals("settings") || table.equals(method)) throw missing("call " + method);
        Bundle found = new Bundle();
        found.putString("value", setting(table, name));
        if (extras != null && extras.containsKey("_track_generation")) track(found);
        return found;
    }

    private static String setting(String table, String name) {
        if (Link.there()) return (String) Link.ask("settings.get", Map.of("ns", table, "key", name));
        JSONObject settings = State.object("settings." + table);
        return settings.has(name) ? settings.optString(name) : null;
    }

    /** With the generation of the settings a reader may keep what it read until that changes. It never does here. */
    private static synchronized void track(Bundle found) {
        try {
            if (generation == null) generation = new MemoryIntArray(1);
            found.putParcelable("_track_generation", generation);
        } catch (IOException bad) {
            throw new IllegalStateException(bad);
        }
        found.putInt("_generation_index", 0);
        found.putInt("_generation", 0);
    }

    private UnsupportedOperationException missing(String what) {
        Log.w(Answers.TAG, "no answer: provider " + authority + " " + what);
        return new UnsupportedOperationException("the floor has no answer for " + authority + " " + what);
    }

    @Override public String getProviderName() {
        return authority;
    }

    @Override public Cursor query(AttributionSource who, Uri uri, String[] columns, Bundle words, ICancellationSignal signal) {
        if (!TABLES.containsKey(authority)) throw missing("query");
        if (Link.there()) return asked(uri, columns, words);
        JSONArray rows = State.array(TABLES.get(authority));
        if (columns == null) columns = new String[] {"_id", "display_name", "data1", "number", "address", "body", "date", "title"};
        MatrixCursor found = new MatrixCursor(columns);
        for (int at = 0; at < rows.length(); at++) {
            MatrixCursor.RowBuilder row = found.newRow();
            for (String column : columns) row.add(value(rows.optJSONObject(at), column));
        }
        return found;
    }

    /** As the device of a session answers, which also knows who may ask. */
    private static Cursor asked(Uri uri, String[] columns, Bundle words) {
        Map<String, Object> request = new HashMap<>();
        request.put("uri", uri.toString());
        request.put("projection", columns == null ? null : Arrays.asList(columns));
        String selection = words == null ? null : words.getString("android:query-arg-sql-selection");
        String[] arguments = words == null ? null : words.getStringArray("android:query-arg-sql-selection-args");
        request.put("selection", selection);
        request.put("args", arguments == null ? null : Arrays.asList(arguments));
        JSONObject answer = (JSONObject) Link.ask("content.query", request);
        if (answer == null) return null;
        JSONArray names = answer.optJSONArray("columns"), rows = answer.optJSONArray("rows");
        String[] found = new String[names.length()];
        for (int at = 0; at < found.length; at++) found[at] = names.optString(at);
        MatrixCursor cursor = new MatrixCursor(found);
        for (int at = 0; at < rows.length(); at++) {
            MatrixCursor.RowBuilder row = cursor.newRow();
            for (int column = 0; column < found.length; column++) {
                Object value = rows.optJSONArray(at).opt(column);
                row.add(value == JSONObject.NULL ? null : value);
            }
        }
        return cursor;
    }

    private static Object value(JSONObject row, String column) {
        Object value = row.opt(row.has(column) ? column : COLUMNS.getOrDefault(column, column));
        return value instanceof JSONArray ? ((JSONArray) value).opt(0) : value;
    }

    @Override public String getType(Uri uri) {
        return null;
    }

    @Override public void getTypeAsync(Uri uri, RemoteCallback callback) {
        throw missing("getType");
    }

    @Override public Uri insert(AttributionSource who, Uri uri, ContentValues values, Bundle extras) {
        throw missing("insert");
    }

    @Override public int bulkInsert(AttributionSource who, Uri uri, ContentValues[] values) {
        throw missing("insert");
    }

    @Override public int delete(AttributionSource who, Uri uri, Bundle extras) {
        throw missing("delete");
    }

    @Override public int update(AttributionSource who, Uri uri, ContentValues values, Bundle extras) {
        throw missing("update");
    }

    @Override public ParcelFileDescriptor openFile(AttributionSource who, Uri uri, String mode, ICancellationSignal signal) {
        throw missing("openFile");
    }

    @Override public AssetFileDescriptor openAssetFile(AttributionSource who, Uri uri, String mode, ICancellationSignal signal) {
        throw missing("openAssetFile");
    }

    @Override public ContentProviderResult[] applyBatch(AttributionSource who, String asked, ArrayList<ContentProviderOperation> operations) {
        throw missing("applyBatch");
    }

    @Override public int checkUriPermission(AttributionSource who, Uri uri, int uid, int mode) {
        return 0;
    }

    @Override public ICancellationSignal createCancellationSignal() {
        throw missing("createCancellationSignal");
    }

    @Override public Uri canonicalize(AttributionSource who, Uri uri) {
        return null;
    }

    @Override public void canonicalizeAsync(AttributionSource who, Uri uri, RemoteCallback callback) {
        throw missing("canonicalize");
    }

    @Override public Uri uncanonicalize(AttributionSource who, Uri uri) {
        return null;
    }

    @Override public void uncanonicalizeAsync(AttributionSource who, Uri uri, RemoteCallback callback) {
        throw missing("uncanonicalize");
    }

    @Override public boolean refresh(AttributionSource who, Uri uri, Bundle extras, ICancellationSignal signal) {
        return false;
    }

    @Override public String[] getStreamTypes(Uri uri, String filter) {
        return null;
    }

    @Override public AssetFileDescriptor openTypedAssetFile(AttributionSource who, Uri uri, String type, Bundle words, ICancellationSignal signal) {
        throw missing("openTypedAssetFile");
    }
}
