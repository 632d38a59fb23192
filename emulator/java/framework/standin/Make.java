package standin;

import java.lang.reflect.InvocationTargetException;

/** Instances of the app's components. */
public final class Make {
    private Make() {}

    public static <T> T one(ClassLoader cl, String name, Class<T> type)
            throws InstantiationException, IllegalAccessException, ClassNotFoundException {
        try {
            java.lang.reflect.Constructor<?> c = cl.loadClass(name).getDeclaredConstructor();
            c.setAccessible(true);
            return type.cast(c.newInstance());
        } catch (NoSuchMethodException e) {
            throw new InstantiationException(name + " has no zero argument constructor");
        } catch (InvocationTargetException e) {
            throw Errors.unchecked(e.getCause());
        }
    }
}
