package android.os;

import java.io.Closeable;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;

public class ParcelFileDescriptor implements Parcelable, Closeable {
    public static final int MODE_READ_ONLY = 0x10000000;
    public static final int MODE_WRITE_ONLY = 0x20000000;
    public static final int MODE_READ_WRITE = 0x30000000;
    public static final int MODE_CREATE = 0x08000000;
    public static final int MODE_TRUNCATE = 0x04000000;
    public static final int MODE_APPEND = 0x02000000;
    private final RandomAccessFile mFile;

    private ParcelFileDescriptor(RandomAccessFile file) {
        mFile = file;
    }

    public static ParcelFileDescriptor open(File file, int mode) throws FileNotFoundException {
        boolean write = (mode & MODE_WRITE_ONLY) != 0;
        if (!write && !file.exists()) throw new FileNotFoundException(file + ": open failed: ENOENT (No such file or directory)");
        return new ParcelFileDescriptor(new RandomAccessFile(file, write ? "rw" : "r"));
    }

    public static int parseMode(String mode) {
        return mode.contains("w") ? MODE_READ_WRITE | MODE_CREATE : MODE_READ_ONLY;
    }

    public FileDescriptor getFileDescriptor() {
        try {
            return mFile.getFD();
        } catch (IOException e) {
            throw new IllegalStateException("Already closed", e);
        }
    }

    public long getStatSize() {
        try {
            return mFile.length();
        } catch (IOException e) {
            return -1;
        }
    }

    @Override public void close() throws IOException { mFile.close(); }
    @Override public int describeContents() { return CONTENTS_FILE_DESCRIPTOR; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeValue(this); }

    public static class AutoCloseInputStream extends FileInputStream {
        private final ParcelFileDescriptor mPfd;

        public AutoCloseInputStream(ParcelFileDescriptor pfd) {
            super(pfd.getFileDescriptor());
            mPfd = pfd;
        }

        @Override public void close() throws IOException { super.close(); mPfd.close(); }
    }

    public static class AutoCloseOutputStream extends FileOutputStream {
        private final ParcelFileDescriptor mPfd;

        public AutoCloseOutputStream(ParcelFileDescriptor pfd) {
            super(pfd.getFileDescriptor());
            mPfd = pfd;
        }

        @Override public void close() throws IOException { super.close(); mPfd.close(); }
    }
    /** Two ends of one pipe. */
    public static ParcelFileDescriptor[] createPipe() throws IOException {
        File fifo = File.createTempFile("pipe", null);
        return new ParcelFileDescriptor[] {open(fifo, MODE_READ_ONLY), open(fifo, MODE_WRITE_ONLY)};
    }
    public ParcelFileDescriptor dup() throws IOException { return this; }
}
