package android.content;

import android.content.pm.ProviderInfo;
import android.content.res.AssetFileDescriptor;
import android.content.res.Configuration;
import android.database.Cursor;
import android.net.Uri;
import android.os.Bundle;
import android.os.CancellationSignal;
import android.os.ICancellationSignal;
import android.os.ParcelFileDescriptor;
import java.io.File;
import java.io.FileNotFoundException;

public abstract class ContentProvider implements ComponentCallbacks2 {
    private Context mContext;
    private String mReadPermission;
    private String mAuthority;
    private final Transport mTransport = new Transport();

    /** Calls from the wire and from this process. */
    class Transport extends ContentProviderNative {
        @Override public String getProviderName() { return ContentProvider.this.getClass().getName(); }
        @Override public Cursor query(AttributionSource s, Uri uri, String[] projection, Bundle args, ICancellationSignal c) {
            return ContentProvider.this.query(uri, projection, args, null);
        }
        @Override public String getType(Uri uri) { return ContentProvider.this.getType(uri); }
        @Override public Uri insert(AttributionSource s, Uri uri, ContentValues v, Bundle e) { return ContentProvider.this.insert(uri, v, e); }
        @Override public int bulkInsert(AttributionSource s, Uri uri, ContentValues[] v) { return ContentProvider.this.bulkInsert(uri, v); }
        @Override public int delete(AttributionSource s, Uri uri, Bundle e) { return ContentProvider.this.delete(uri, e); }
        @Override public int update(AttributionSource s, Uri uri, ContentValues v, Bundle e) { return ContentProvider.this.update(uri, v, e); }
        @Override public ParcelFileDescriptor openFile(AttributionSource s, Uri uri, String mode, ICancellationSignal c) throws FileNotFoundException {
            return ContentProvider.this.openFile(uri, mode);
        }
        @Override public AssetFileDescriptor openTypedAssetFile(AttributionSource s, Uri uri, String mime, Bundle o, ICancellationSignal c) throws FileNotFoundException {
            return new AssetFileDescriptor(ContentProvider.this.openFile(uri, "r"), 0, -1);
        }
        @Override public Bundle call(AttributionSource s, String authority, String method, String arg, Bundle extras) {
            return ContentProvider.this.call(authority, method, arg, extras);
        }
        @Override public android.os.IBinder asBinder() { return this; }
    }

    public IContentProvider getIContentProvider() { return mTransport; }
    public final Context getContext() { return mContext; }
    public final String getReadPermission() { return mReadPermission; }
    public final String getCallingPackage() { return mContext == null ? null : mContext.getPackageName(); }

    public void attachInfo(Context context, ProviderInfo info) {
        attachInfo(context, info, false);
    }

    private void attachInfo(Context context, ProviderInfo info, boolean testing) {
        if (mContext == null) {
            mContext = context;
            if (info != null) mAuthority = info.authority;
            onCreate();
        }
    }

    public abstract boolean onCreate();
    public abstract Cursor query(Uri uri, String[] projection, String selection, String[] selectionArgs, String sortOrder);
    public abstract String getType(Uri uri);
    public abstract Uri insert(Uri uri, ContentValues values);
    public abstract int delete(Uri uri, String selection, String[] selectionArgs);
    public abstract int update(Uri uri, ContentValues values, String selection, String[] selectionArgs);

    public Cursor query(Uri uri, String[] projection, String selection, String[] args, String sort, CancellationSignal c) {
        return query(uri, projection, selection, args, sort);
    }
    public Cursor query(Uri uri, String[] projection, Bundle a, CancellationSignal c) {
        Bundle q = a == null ? Bundle.EMPTY : a;
        return query(uri, projection, q.getString(ContentResolver.QUERY_ARG_SQL_SELECTION),
                q.getStringArray(ContentResolver.QUERY_ARG_SQL_SELECTION_ARGS), q.getString(ContentResolver.QUERY_ARG_SQL_SORT_ORDER), c);
    }
    public Uri insert(Uri uri, ContentValues values, Bundle extras) { return insert(uri, values); }
    public int bulkInsert(Uri uri, ContentValues[] values) {
        for (ContentValues v : values) insert(uri, v);
        return values.length;
    }
    public int delete(Uri uri, Bundle extras) { return delete(uri, null, null); }
    public int update(Uri uri, ContentValues values, Bundle extras) { return update(uri, values, null, null); }
    public ParcelFileDescriptor openFile(Uri uri, String mode) throws FileNotFoundException {
        throw new FileNotFoundException("No files supported by provider at " + uri);
    }
    public Bundle call(String authority, String method, String arg, Bundle extras) { return call(method, arg, extras); }
    public Bundle call(String method, String arg, Bundle extras) { return null; }
    public void shutdown() {}
    @Override public void onConfigurationChanged(Configuration c) {}
    @Override public void onLowMemory() {}
    @Override public void onTrimMemory(int level) {}
    public final Context requireContext() {
        if (mContext == null) throw new IllegalStateException("Cannot find context from the provider.");
        return mContext;
    }
    public final String getWritePermission() { return null; }
    protected final void setReadPermission(String permission) { mReadPermission = permission; }
    protected final void setWritePermission(String permission) {}
    public String getCallingAttributionTag() { return null; }
    public boolean refresh(Uri uri, Bundle extras, CancellationSignal signal) { return false; }
    public Uri canonicalize(Uri url) { return null; }
    public Uri uncanonicalize(Uri url) { return url; }
    public String[] getStreamTypes(Uri uri, String filter) { return null; }
    protected boolean isTemporary() { return false; }
    public ContentProviderResult[] applyBatch(String authority, java.util.ArrayList<ContentProviderOperation> operations) throws OperationApplicationException { return applyBatch(operations); }
    public ContentProviderResult[] applyBatch(java.util.ArrayList<ContentProviderOperation> operations) throws OperationApplicationException {
        ContentProviderResult[] done = new ContentProviderResult[operations.size()];
        for (int i = 0; i < done.length; i++) done[i] = operations.get(i).standinApply(mContext.getContentResolver(), done, i);
        return done;
    }
    public ParcelFileDescriptor openFile(Uri uri, String mode, CancellationSignal signal) throws FileNotFoundException { return openFile(uri, mode); }
    public AssetFileDescriptor openAssetFile(Uri uri, String mode) throws FileNotFoundException {
        ParcelFileDescriptor file = openFile(uri, mode);
        return file == null ? null : new AssetFileDescriptor(file, 0, -1);
    }
    public AssetFileDescriptor openAssetFile(Uri uri, String mode, CancellationSignal signal) throws FileNotFoundException { return openAssetFile(uri, mode); }
    protected final ParcelFileDescriptor openFileHelper(Uri uri, String mode) throws FileNotFoundException {
        try (Cursor row = query(uri, new String[] {"_data"}, null, null, null)) {
            if (row == null || !row.moveToFirst()) throw new FileNotFoundException("No entry for " + uri);
            return ParcelFileDescriptor.open(new File(row.getString(0)), ParcelFileDescriptor.parseMode(mode));
        }
    }
}
