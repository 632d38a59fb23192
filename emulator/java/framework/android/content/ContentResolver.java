package android.content;

import android.content.res.AssetFileDescriptor;
import android.database.ContentObserver;
import android.database.CrossProcessCursorWrapper;
import android.database.Cursor;
import android.net.Uri;
import android.os.Bundle;
import android.os.CancellationSignal;
import android.os.ParcelFileDescriptor;
import android.os.RemoteException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

public abstract class ContentResolver {
    public static final String SCHEME_CONTENT = "content";
    public static final String SCHEME_FILE = "file";
    public static final String SCHEME_ANDROID_RESOURCE = "android.resource";
    public static final String QUERY_ARG_SQL_SELECTION = "android:query-arg-sql-selection";
    public static final String QUERY_ARG_SQL_SELECTION_ARGS = "android:query-arg-sql-selection-args";
    public static final String QUERY_ARG_SQL_SORT_ORDER = "android:query-arg-sql-sort-order";
    public static final String QUERY_ARG_LIMIT = "android:query-arg-limit";
    public static final int NOTIFY_SYNC_TO_NETWORK = 1;
    private static final List<Object[]> sObservers = new ArrayList<>();
    private final Context mContext;

    public ContentResolver(Context context) {
        mContext = context;
    }

    protected abstract IContentProvider acquireProvider(Context c, String name);
    protected abstract IContentProvider acquireUnstableProvider(Context c, String name);
    public abstract boolean releaseProvider(IContentProvider icp);
    public abstract boolean releaseUnstableProvider(IContentProvider icp);

    /** The stand-in's own: a provider in another process, as the wire to it. */
    protected static IContentProvider remote(String authority) {
        return new ContentProviderProxy(authority);
    }

    public AttributionSource getAttributionSource() {
        return mContext.getAttributionSource();
    }

    static Bundle createSqlQueryBundle(String selection, String[] args, String sort) {
        if (selection == null && args == null && sort == null) return null;
        Bundle b = new Bundle();
        if (selection != null) b.putString(QUERY_ARG_SQL_SELECTION, selection);
        if (args != null) b.putStringArray(QUERY_ARG_SQL_SELECTION_ARGS, args);
        if (sort != null) b.putString(QUERY_ARG_SQL_SORT_ORDER, sort);
        return b;
    }

    public final IContentProvider acquireProvider(Uri uri) {
        String auth = SCHEME_CONTENT.equals(uri.getScheme()) ? uri.getAuthority() : null;
        return auth == null ? null : acquireProvider(mContext, auth);
    }

    public final IContentProvider acquireUnstableProvider(Uri uri) {
        String auth = SCHEME_CONTENT.equals(uri.getScheme()) ? uri.getAuthority() : null;
        return auth == null ? null : acquireUnstableProvider(mContext, auth);
    }

    private IContentProvider needed(Uri url) {
        IContentProvider provider = acquireProvider(url);
        if (provider == null) throw new IllegalArgumentException("Unknown URL " + url);
        return provider;
    }

    public final ContentProviderClient acquireContentProviderClient(Uri uri) {
        IContentProvider p = acquireProvider(uri);
        return p == null ? null : new ContentProviderClient(this, p, uri.getAuthority());
    }

    public final ContentProviderClient acquireContentProviderClient(String name) {
        IContentProvider p = acquireProvider(mContext, name);
        return p == null ? null : new ContentProviderClient(this, p, name);
    }

    public final ContentProviderClient acquireUnstableContentProviderClient(String name) {
        IContentProvider p = acquireUnstableProvider(mContext, name);
        return p == null ? null : new ContentProviderClient(this, p, name);
    }

    public final ContentProviderClient acquireUnstableContentProviderClient(Uri uri) {
        return acquireUnstableContentProviderClient(uri.getAuthority());
    }

    public final Cursor query(Uri uri, String[] projection, String selection, String[] selectionArgs, String sortOrder) {
        return query(uri, projection, selection, selectionArgs, sortOrder, null);
    }

    public final Cursor query(Uri uri, String[] projection, String selection, String[] selectionArgs, String sortOrder, CancellationSignal signal) {
        return query(uri, projection, createSqlQueryBundle(selection, selectionArgs, sortOrder), signal);
    }

    public final Cursor query(Uri uri, String[] projection, Bundle queryArgs, CancellationSignal cancellationSignal) {
        IContentProvider provider = acquireUnstableProvider(uri);
        if (provider == null) return null;
        try {
            Cursor found = provider.query(getAttributionSource(), uri, projection, queryArgs, null);
            if (found == null) return null;
            found.getCount(); // the query runs now, while its failure can be told
            return new CursorWrapperInner(found);
        } catch (RemoteException e) {
            return null;
        }
    }

    /** What an app gets is never the provider's cursor itself. */
    private final class CursorWrapperInner extends CrossProcessCursorWrapper {
        CursorWrapperInner(Cursor cursor) {
            super(cursor);
        }
    }

    public final String getType(Uri url) {
        IContentProvider provider = acquireUnstableProvider(url);
        try {
            return provider == null ? null : provider.getType(url);
        } catch (RemoteException e) {
            return null;
        }
    }

    public final Uri insert(Uri url, ContentValues values) {
        return insert(url, values, null);
    }

    public final Uri insert(Uri url, ContentValues values, Bundle extras) {
        try {
            return needed(url).insert(getAttributionSource(), url, values, extras);
        } catch (RemoteException e) {
            return null;
        }
    }

    public final int bulkInsert(Uri url, ContentValues[] values) {
        try {
            return needed(url).bulkInsert(getAttributionSource(), url, values);
        } catch (RemoteException e) {
            return 0;
        }
    }

    public final int delete(Uri url, String where, String[] selectionArgs) {
        return delete(url, createSqlQueryBundle(where, selectionArgs, null));
    }

    public final int delete(Uri url, Bundle extras) {
        try {
            return needed(url).delete(getAttributionSource(), url, extras);
        } catch (RemoteException e) {
            return -1;
        }
    }

    public final int update(Uri uri, ContentValues values, String where, String[] selectionArgs) {
        return update(uri, values, createSqlQueryBundle(where, selectionArgs, null));
    }

    public final int update(Uri uri, ContentValues values, Bundle extras) {
        try {
            return needed(uri).update(getAttributionSource(), uri, values, extras);
        } catch (RemoteException e) {
            return -1;
        }
    }

    public final Bundle call(Uri uri, String method, String arg, Bundle extras) {
        return call(uri.getAuthority(), method, arg, extras);
    }

    public final Bundle call(String authority, String method, String arg, Bundle extras) {
        IContentProvider provider = acquireProvider(mContext, authority);
        if (provider == null) throw new IllegalArgumentException("Unknown authority " + authority);
        try {
            return provider.call(getAttributionSource(), authority, method, arg, extras);
        } catch (RemoteException e) {
            return null;
        }
    }

    public final ParcelFileDescriptor openFileDescriptor(Uri uri, String mode) throws FileNotFoundException {
        return openFileDescriptor(uri, mode, null);
    }

    public final ParcelFileDescriptor openFileDescriptor(Uri uri, String mode, CancellationSignal signal) throws FileNotFoundException {
        AssetFileDescriptor file = openAssetFileDescriptor(uri, mode, signal);
        return file == null ? null : file.getParcelFileDescriptor();
    }

    public final AssetFileDescriptor openAssetFileDescriptor(Uri uri, String mode) throws FileNotFoundException {
        return openAssetFileDescriptor(uri, mode, null);
    }

    /** A file is opened here; what is read is asked for by type, whatever that is; the rest goes to the provider. */
    public final AssetFileDescriptor openAssetFileDescriptor(Uri uri, String mode, CancellationSignal signal) throws FileNotFoundException {
        if (SCHEME_FILE.equals(uri.getScheme())) {
            return new AssetFileDescriptor(ParcelFileDescriptor.open(new File(uri.getPath()), ParcelFileDescriptor.parseMode(mode)), 0, -1);
        }
        if ("r".equals(mode)) return openTypedAssetFileDescriptor(uri, "*/*", null, signal);
        IContentProvider provider = acquireUnstableProvider(uri);
        if (provider == null) throw new FileNotFoundException("No content provider: " + uri);
        try {
            return new AssetFileDescriptor(provider.openFile(getAttributionSource(), uri, mode, null), 0, -1);
        } catch (RemoteException e) {
            throw new FileNotFoundException("Dead content provider: " + uri);
        }
    }

    public final AssetFileDescriptor openTypedAssetFileDescriptor(Uri uri, String mimeType, Bundle opts) throws FileNotFoundException {
        return openTypedAssetFileDescriptor(uri, mimeType, opts, null);
    }

    public final AssetFileDescriptor openTypedAssetFileDescriptor(Uri uri, String mimeType, Bundle opts, CancellationSignal signal)
            throws FileNotFoundException {
        IContentProvider provider = acquireUnstableProvider(uri);
        if (provider == null) throw new FileNotFoundException("No content provider: " + uri);
        try {
            return provider.openTypedAssetFile(getAttributionSource(), uri, mimeType, opts, null);
        } catch (RemoteException e) {
            throw new FileNotFoundException("Dead content provider: " + uri);
        }
    }

    public final InputStream openInputStream(Uri uri) throws FileNotFoundException {
        AssetFileDescriptor file = openAssetFileDescriptor(uri, "r", null);
        return file == null ? null : file.createInputStream();
    }

    public final OutputStream openOutputStream(Uri uri) throws FileNotFoundException {
        return new ParcelFileDescriptor.AutoCloseOutputStream(openFileDescriptor(uri, "w"));
    }

    public final void registerContentObserver(Uri uri, boolean notifyForDescendants, ContentObserver observer) {
        registerContentObserver(uri, notifyForDescendants, observer, 0);
    }

    /** Hidden in the public API. */
    public final void registerContentObserver(Uri uri, boolean notifyForDescendants, ContentObserver observer, int userHandle) {
        synchronized (sObservers) {
            sObservers.add(new Object[] {uri.toString(), notifyForDescendants, observer});
        }
    }

    public final void unregisterContentObserver(ContentObserver observer) {
        synchronized (sObservers) {
            sObservers.removeIf(row -> row[2] == observer);
        }
    }

    public void notifyChange(Uri uri, ContentObserver origin) {
        notifyChange(uri, origin, NOTIFY_SYNC_TO_NETWORK);
    }

    public void notifyChange(Uri uri, ContentObserver origin, int flags) {
        List<Object[]> now;
        synchronized (sObservers) {
            now = new ArrayList<>(sObservers);
        }
        for (Object[] row : now) {
            String want = (String) row[0];
            if (uri.toString().equals(want) || (Boolean) row[1] && uri.toString().startsWith(want + "/")) {
                if (row[2] != origin) ((ContentObserver) row[2]).dispatchChange(false, uri);
            }
        }
    }

    public void takePersistableUriPermission(Uri uri, int modeFlags) {}

    public static android.content.SyncInfo getCurrentSync() { return standin.Canary.give("content_resolver.get_current_sync", "accounts", "android.content.ContentResolver", "getCurrentSync", android.content.SyncInfo.class, "android.permission.READ_SYNC_STATS"); }
    public static java.util.List getCurrentSyncs() { return standin.Canary.give("content_resolver.get_current_syncs", "accounts", "android.content.ContentResolver", "getCurrentSyncs", java.util.List.class, "android.permission.READ_SYNC_STATS"); }
    public android.graphics.Bitmap loadThumbnail(android.net.Uri a0, android.util.Size a1, android.os.CancellationSignal a2) { return standin.Canary.give("content_resolver.load_thumbnail", "media", "android.content.ContentResolver", "loadThumbnail", android.graphics.Bitmap.class); }
    public android.content.res.AssetFileDescriptor openAssetFile(android.net.Uri a0, java.lang.String a1, android.os.CancellationSignal a2) { return standin.Canary.give("content_resolver.open_asset_file", "media", "android.content.ContentResolver", "openAssetFile", android.content.res.AssetFileDescriptor.class); }
    public android.os.ParcelFileDescriptor openFile(android.net.Uri a0, java.lang.String a1, android.os.CancellationSignal a2) { return standin.Canary.give("content_resolver.open_file", "media", "android.content.ContentResolver", "openFile", android.os.ParcelFileDescriptor.class); }
    public static class MimeTypeInfo {
        private final String type;

        MimeTypeInfo(String type) { this.type = type; }
        public CharSequence getLabel() { return type; }
        public CharSequence getContentDescription() { return type; }
    }

    public final MimeTypeInfo getTypeInfo(String mimeType) { return new MimeTypeInfo(mimeType); }
    public String[] getStreamTypes(Uri url, String filter) { return null; }
    public final Uri canonicalize(Uri url) { return null; }
    public final Uri uncanonicalize(Uri url) { return url; }
    public final boolean refresh(Uri url, Bundle extras, CancellationSignal signal) { return false; }
    public final OutputStream openOutputStream(Uri uri, String mode) throws FileNotFoundException { return new ParcelFileDescriptor.AutoCloseOutputStream(openFileDescriptor(uri, mode)); }
    public void releasePersistableUriPermission(Uri uri, int modeFlags) {}
    public List<UriPermission> getPersistedUriPermissions() { return new ArrayList<>(); }
    public List<UriPermission> getOutgoingPersistedUriPermissions() { return new ArrayList<>(); }
    public static boolean getMasterSyncAutomatically() { return true; }
    public static boolean getSyncAutomatically(android.accounts.Account account, String authority) { return false; }
    public static void setSyncAutomatically(android.accounts.Account account, String authority, boolean sync) {}
    public static int getIsSyncable(android.accounts.Account account, String authority) { return -1; }
    public static void setIsSyncable(android.accounts.Account account, String authority, int syncable) {}
    public static void requestSync(android.accounts.Account account, String authority, Bundle extras) {}
    public static void cancelSync(android.accounts.Account account, String authority) {}
    public static boolean isSyncActive(android.accounts.Account account, String authority) { return false; }
    public static boolean isSyncPending(android.accounts.Account account, String authority) { return false; }
    public static void addPeriodicSync(android.accounts.Account account, String authority, Bundle extras, long seconds) {}
    public static void removePeriodicSync(android.accounts.Account account, String authority, Bundle extras) {}

    /** One after the other; a back reference is the number or row of an earlier result. */
    public ContentProviderResult[] applyBatch(String authority, ArrayList<ContentProviderOperation> operations) throws RemoteException, OperationApplicationException {
        ContentProviderResult[] done = new ContentProviderResult[operations.size()];
        for (int i = 0; i < done.length; i++) done[i] = operations.get(i).standinApply(this, done, i);
        return standin.Read.give("content_uri", "android.content.ContentResolver", "applyBatch", done);
    }
}
