package android.util;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

public class AtomicFile {
    private final File mBase;
    private final File mNew;

    public AtomicFile(File baseName) {
        mBase = baseName;
        mNew = new File(baseName.getPath() + ".new");
    }

    public File getBaseFile() { return mBase; }
    public void delete() {
        mBase.delete();
        mNew.delete();
    }
    public FileOutputStream startWrite() throws IOException { return new FileOutputStream(mNew); }
    public void finishWrite(FileOutputStream str) {
        try {
            str.close();
            Files.move(mNew.toPath(), mBase.toPath(), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Log.e("AtomicFile", "Failed to finish writing " + mBase, e);
        }
    }
    public void failWrite(FileOutputStream str) {
        try {
            str.close();
        } catch (IOException e) {
            Log.e("AtomicFile", "Failed to close file output stream", e);
        }
        mNew.delete();
    }
    public FileInputStream openRead() throws FileNotFoundException { return new FileInputStream(mBase); }
    public byte[] readFully() throws IOException { return Files.readAllBytes(mBase.toPath()); }
}
