package android.content.res;

import android.os.Parcel;
import android.os.ParcelFileDescriptor;
import android.os.Parcelable;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;

public class AssetFileDescriptor implements Parcelable, Closeable {
    public static final long UNKNOWN_LENGTH = -1;
    private final ParcelFileDescriptor mFd;

    public AssetFileDescriptor(ParcelFileDescriptor fd, long startOffset, long length) { mFd = fd; }
    public ParcelFileDescriptor getParcelFileDescriptor() { return mFd; }
    public java.io.FileDescriptor getFileDescriptor() { return mFd.getFileDescriptor(); }
    public FileInputStream createInputStream() { return new ParcelFileDescriptor.AutoCloseInputStream(mFd); }
    public long getLength() { return mFd.getStatSize(); }
    @Override public void close() throws IOException { mFd.close(); }
    @Override public int describeContents() { return mFd.describeContents(); }
    @Override public void writeToParcel(Parcel out, int flags) { out.writeValue(this); }
}
