package dalvik.system;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Defines the class files that it is given; the name of each stands in its own bytes, so they are tried in turn. */
public final class InMemoryDexClassLoader extends BaseDexClassLoader {
    private final Map<String, Class<?>> defined = new HashMap<>();

    public InMemoryDexClassLoader(ByteBuffer[] dexBuffers, String librarySearchPath, ClassLoader parent) {
        super("", null, librarySearchPath, parent);
        for (ByteBuffer buffer : dexBuffers) {
            try {
                Class<?> one = defineClass(null, buffer, (java.security.ProtectionDomain) null);
                defined.put(one.getName(), one);
            } catch (ClassFormatError none) {
                // As on Android: what is no code is left out, and its classes are not found.
            }
        }
    }

    public InMemoryDexClassLoader(ByteBuffer[] dexBuffers, ClassLoader parent) {
        this(dexBuffers, null, parent);
    }

    public InMemoryDexClassLoader(ByteBuffer dexBuffer, ClassLoader parent) {
        this(new ByteBuffer[] {dexBuffer}, null, parent);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        Class<?> found = defined.get(name);
        if (found == null) throw new ClassNotFoundException(name);
        return found;
    }
}
