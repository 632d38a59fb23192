package android.content;

import android.database.CrossProcessCursorWrapper;
import android.database.Cursor;
import android.net.Uri;
import android.os.Bundle;
import android.os.CancellationSignal;
import android.os.ParcelFileDescriptor;
import android.os.RemoteException;
import java.io.FileNotFoundException;

public class ContentProviderClient implements AutoCloseable {
    private final ContentResolver mContentResolver;
    private final IContentProvider mContentProvider;
    private final String mAuthority;

    ContentProviderClient(ContentResolver resolver, IContentProvider provider, String authority) {
        mContentResolver = resolver;
        mContentProvider = provider;
        mAuthority = authority;
    }

    private AttributionSource source() { return mContentResolver.getAttributionSource(); }

    public Cursor query(Uri url, String[] projection, String selection, String[] args, String sort) throws RemoteException {
        return query(url, projection, selection, args, sort, null);
    }
    public Cursor query(Uri url, String[] projection, String selection, String[] args, String sort, CancellationSignal c) throws RemoteException {
        return query(url, projection, ContentResolver.createSqlQueryBundle(selection, args, sort), c);
    }
    public Cursor query(Uri uri, String[] projection, Bundle queryArgs, CancellationSignal c) throws RemoteException {
        Cursor found = mContentProvider.query(source(), uri, projection, queryArgs, null);
        return found == null ? null : new CursorWrapperInner(found);
    }

    private static final class CursorWrapperInner extends CrossProcessCursorWrapper {
        CursorWrapperInner(Cursor cursor) {
            super(cursor);
        }
    }

    public String getType(Uri url) throws RemoteException { return mContentProvider.getType(url); }
    public Uri insert(Uri url, ContentValues v) throws RemoteException { return mContentProvider.insert(source(), url, v, null); }
    public int delete(Uri url, String selection, String[] args) throws RemoteException {
        return mContentProvider.delete(source(), url, ContentResolver.createSqlQueryBundle(selection, args, null));
    }
    public int update(Uri url, ContentValues v, String selection, String[] args) throws RemoteException {
        return mContentProvider.update(source(), url, v, ContentResolver.createSqlQueryBundle(selection, args, null));
    }
    public ParcelFileDescriptor openFile(Uri url, String mode) throws RemoteException, FileNotFoundException { return openFile(url, mode, null); }
    public ParcelFileDescriptor openFile(Uri url, String mode, CancellationSignal c) throws RemoteException, FileNotFoundException {
        return mContentProvider.openFile(source(), url, mode, null);
    }
    public Bundle call(String method, String arg, Bundle extras) throws RemoteException { return call(mAuthority, method, arg, extras); }
    public Bundle call(String authority, String method, String arg, Bundle extras) throws RemoteException {
        return mContentProvider.call(source(), authority, method, arg, extras);
    }
    public ContentProvider getLocalContentProvider() { return null; }
    @Override public void close() {}
    public boolean release() { return true; }
}
