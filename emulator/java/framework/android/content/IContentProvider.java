package android.content;

import android.content.res.AssetFileDescriptor;
import android.database.Cursor;
import android.net.Uri;
import android.os.Bundle;
import android.os.IBinder;
import android.os.ICancellationSignal;
import android.os.IInterface;
import android.os.ParcelFileDescriptor;
import android.os.RemoteException;
import java.io.FileNotFoundException;

/** The provider's side of the wire, with the signatures of API level 31 and later. */
public interface IContentProvider extends IInterface {
    Cursor query(AttributionSource attributionSource, Uri url, String[] projection, Bundle queryArgs, ICancellationSignal cancellationSignal) throws RemoteException;

    String getType(Uri url) throws RemoteException;

    Uri insert(AttributionSource attributionSource, Uri url, ContentValues initialValues, Bundle extras) throws RemoteException;

    int bulkInsert(AttributionSource attributionSource, Uri url, ContentValues[] initialValues) throws RemoteException;

    int delete(AttributionSource attributionSource, Uri url, Bundle extras) throws RemoteException;

    int update(AttributionSource attributionSource, Uri url, ContentValues values, Bundle extras) throws RemoteException;

    ParcelFileDescriptor openFile(AttributionSource attributionSource, Uri url, String mode, ICancellationSignal signal) throws RemoteException, FileNotFoundException;

    AssetFileDescriptor openTypedAssetFile(AttributionSource attributionSource, Uri url, String mimeType, Bundle opts, ICancellationSignal signal) throws RemoteException, FileNotFoundException;

    Bundle call(AttributionSource attributionSource, String authority, String method, String arg, Bundle extras) throws RemoteException;

    @Override
    default IBinder asBinder() {
        return null;
    }
}
