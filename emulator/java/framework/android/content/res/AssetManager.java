package android.content.res;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/** Files below the app's assets folder. */
public final class AssetManager {
    private final File mRoot;

    public AssetManager(File root) { mRoot = root; }

    private File file(String name) throws FileNotFoundException {
        File f = new File(mRoot, name);
        if (!f.toPath().normalize().startsWith(mRoot.toPath().normalize())) throw new FileNotFoundException(name);
        return f;
    }

    public InputStream open(String fileName) throws IOException { return new FileInputStream(file(fileName)); }
    public InputStream open(String fileName, int accessMode) throws IOException { return open(fileName); }
    public AssetFileDescriptor openFd(String fileName) throws IOException {
        return new AssetFileDescriptor(android.os.ParcelFileDescriptor.open(file(fileName), android.os.ParcelFileDescriptor.MODE_READ_ONLY), 0, -1);
    }
    public String[] list(String path) throws IOException {
        String[] names = file(path).list();
        return names == null ? new String[0] : names;
    }
    public void close() {}

    /** The stand-in's own: a file of {@code res/raw}, whatever its ending. */
    InputStream standinRaw(String name) throws IOException {
        File[] found = new File(mRoot.getParentFile(), "res/raw").listFiles((dir, file) -> file.equals(name) || file.startsWith(name + "."));
        if (found == null || found.length == 0) throw new FileNotFoundException(name);
        return new FileInputStream(found[0]);
    }
}
