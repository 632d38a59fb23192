package android.app;

import android.content.Context;
import java.lang.reflect.Constructor;

/** Managers of other modules, which are the stand-in's. */
public final class AospServices {
    private AospServices() {}

    /** Register pairs of a service's name and its manager's class, which is made with a context or with nothing. */
    @SuppressWarnings("unchecked")
    public static void add(String... pairs) {
        for (int at = 0; at < pairs.length; at += 2) {
            try {
                Class<Object> cls = (Class<Object>) Class.forName(pairs[at + 1]);
                SystemServiceRegistry.registerContextAwareService(pairs[at], cls, context -> make(cls, context));
            } catch (ClassNotFoundException bad) {
                throw new IllegalStateException(bad);
            }
        }
    }

    private static Object make(Class<?> cls, Context context) {
        try {
            for (Constructor<?> one : cls.getDeclaredConstructors()) {
                Class<?>[] types = one.getParameterTypes();
                if (types.length > 1 || types.length == 1 && !types[0].isInstance(context)) continue;
                one.setAccessible(true);
                return types.length == 1 ? one.newInstance(context) : one.newInstance();
            }
        } catch (ReflectiveOperationException bad) {
            throw new IllegalStateException(bad);
        }
        throw new IllegalStateException(cls + " has no usable constructor");
    }
}
