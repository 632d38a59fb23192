package android.app;

import dalvik.system.PathClassLoader;

/**
 * The app's classes. What Android has comes from the platform; everything else comes from the app if it brings it: what
 * the stand-in carries beside the platform (libraries of its sample apps) stands in only for what is missing.
 */
final class AppClassLoader extends PathClassLoader {
    private static final String[] PLATFORM = {
        "android.", "java.", "javax.", "jdk.", "sun.", "dalvik.", "libcore.", "standin.", "com.android.internal.",
        "org.json.", "org.w3c.dom.", "org.xml.sax.", "org.xmlpull.",
    };

    AppClassLoader(String path, ClassLoader parent) {
        super(path, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        for (String one : PLATFORM) if (name.startsWith(one)) return super.loadClass(name, resolve);
        synchronized (this) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) return loaded;
            try {
                return findClass(name);
            } catch (ClassNotFoundException notHere) {
                return super.loadClass(name, resolve);
            }
        }
    }
}
