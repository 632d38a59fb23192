package dalvik.system;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** Loads class files from folders and jars: the path is a list of them. */
public class BaseDexClassLoader extends URLClassLoader {
    private final String mPath;

    public BaseDexClassLoader(String dexPath, File optimizedDirectory, String librarySearchPath, ClassLoader parent) {
        super(urls(dexPath), parent);
        mPath = dexPath;
    }

    static URL[] urls(String path) {
        List<URL> out = new ArrayList<>();
        for (String one : path == null ? new String[0] : path.split(File.pathSeparator)) {
            try {
                if (!one.isEmpty()) out.add(new File(one).toURI().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return out.toArray(new URL[0]);
    }

    public String findLibrary(String name) { return null; }

    @Override
    public String toString() {
        return getClass().getName() + "[DexPathList[[" + mPath + "]]]";
    }
}
