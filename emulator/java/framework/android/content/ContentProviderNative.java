package android.content;

import android.os.Binder;

public abstract class ContentProviderNative extends Binder implements IContentProvider {
    public abstract String getProviderName();
}

/** A provider in another process: every call goes over the wire. */
final class ContentProviderProxy implements IContentProvider {
    private final String mAuthority;

    ContentProviderProxy(String authority) {
        mAuthority = authority;
    }

    private static java.util.Map<String, Object> map(Object... pairs) {
        java.util.Map<String, Object> out = new java.util.LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) out.put((String) pairs[i], pairs[i + 1]);
        return out;
    }

    private static String text(android.os.Bundle args, String key) {
        return args == null ? null : args.getString(key);
    }

    private <T> T logged(String uri, String method, java.util.function.Supplier<T> action) {
        try {
            T value = action.get();
            standin.Content.truth(uri, method, value == null ? "null" : "value");
            return value;
        } catch (SecurityException e) {
            standin.Content.truth(uri, method, "denied");
            throw e;
        } catch (RuntimeException e) {
            standin.Content.truth(uri, method, "exception");
            throw e;
        }
    }

    @Override
    public android.database.Cursor query(AttributionSource attributionSource, android.net.Uri url, String[] projection,
            android.os.Bundle queryArgs, android.os.ICancellationSignal cancellationSignal) {
        return logged(url.toString(), "query", () -> standin.Content.cursor(standin.Device.call("content.query", map(
                "uri", url.toString(),
                "projection", projection,
                "selection", text(queryArgs, ContentResolver.QUERY_ARG_SQL_SELECTION),
                "args", queryArgs == null ? null : queryArgs.getStringArray(ContentResolver.QUERY_ARG_SQL_SELECTION_ARGS),
                "sort", text(queryArgs, ContentResolver.QUERY_ARG_SQL_SORT_ORDER)))));
    }

    @Override
    public String getType(android.net.Uri url) {
        return null;
    }

    @Override
    public android.net.Uri insert(AttributionSource attributionSource, android.net.Uri url, ContentValues values, android.os.Bundle extras) {
        Object made = logged(url.toString(), "insert", () -> standin.Device.call("content.insert",
                map("uri", url.toString(), "values", standin.Content.values(values))));
        return made == null ? null : android.net.Uri.parse(made.toString());
    }

    @Override
    public int bulkInsert(AttributionSource attributionSource, android.net.Uri url, ContentValues[] initialValues) {
        for (ContentValues one : initialValues) insert(attributionSource, url, one, null);
        return initialValues.length;
    }

    @Override
    public int delete(AttributionSource attributionSource, android.net.Uri url, android.os.Bundle extras) {
        Object n = logged(url.toString(), "delete", () -> standin.Device.call("content.delete", map("uri", url.toString(),
                "selection", text(extras, ContentResolver.QUERY_ARG_SQL_SELECTION))));
        return n instanceof Number ? ((Number) n).intValue() : 0;
    }

    @Override
    public int update(AttributionSource attributionSource, android.net.Uri url, ContentValues values, android.os.Bundle extras) {
        Object n = logged(url.toString(), "update", () -> standin.Device.call("content.update", map("uri", url.toString(),
                "values", standin.Content.values(values), "selection", text(extras, ContentResolver.QUERY_ARG_SQL_SELECTION))));
        return n instanceof Number ? ((Number) n).intValue() : 0;
    }

    @Override
    public android.os.ParcelFileDescriptor openFile(AttributionSource attributionSource, android.net.Uri url, String mode,
            android.os.ICancellationSignal signal) throws java.io.FileNotFoundException {
        return opened(url, mode);
    }

    private android.os.ParcelFileDescriptor opened(android.net.Uri url, String mode) throws java.io.FileNotFoundException {
        Object path = logged(url.toString(), "openFile", () -> standin.Device.call("content.file", map("uri", url.toString(), "mode", mode)));
        if (path == null) throw new java.io.FileNotFoundException(url.toString());
        // In a phone's provider process: no code of the app opens the file.
        java.util.concurrent.FutureTask<android.os.ParcelFileDescriptor> open = new java.util.concurrent.FutureTask<>(() ->
                android.os.ParcelFileDescriptor.open(new java.io.File(path.toString()), android.os.ParcelFileDescriptor.parseMode(mode)));
        new Thread(open, "Binder:provider").start();
        try {
            return open.get();
        } catch (java.util.concurrent.ExecutionException | InterruptedException e) {
            throw (java.io.FileNotFoundException) new java.io.FileNotFoundException(url.toString()).initCause(e);
        }
    }

    @Override
    public android.content.res.AssetFileDescriptor openTypedAssetFile(AttributionSource attributionSource, android.net.Uri url,
            String mimeType, android.os.Bundle opts, android.os.ICancellationSignal signal) throws java.io.FileNotFoundException {
        return new android.content.res.AssetFileDescriptor(opened(url, "r"), 0, -1);
    }

    @Override
    public android.os.Bundle call(AttributionSource attributionSource, String authority, String method, String arg, android.os.Bundle extras) {
        return logged("content://" + authority, "call", () -> standin.Content.bundle(standin.Device.call("content.call",
                map("authority", authority, "method", method, "arg", arg, "extras", standin.Content.plain(extras)))));
    }
}
