package android.app;

import java.lang.reflect.InvocationTargetException;

public class AppComponentFactory {
    static <T> T make(ClassLoader cl, String name, Class<T> type)
            throws InstantiationException, IllegalAccessException, ClassNotFoundException {
        try {
            java.lang.reflect.Constructor<?> c = cl.loadClass(name).getDeclaredConstructor();
            c.setAccessible(true);
            return type.cast(c.newInstance());
        } catch (NoSuchMethodException e) {
            throw new InstantiationException(name + " has no zero argument constructor");
        } catch (InvocationTargetException e) {
            throw standin.Errors.unchecked(e.getCause());
        }
    }
}
