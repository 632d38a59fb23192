package standin;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Values of the generated classes. What a row gives can be set in the device state below {@code generated.<row>}:
 * {@code denied} or {@code null}; else it is a value of the right type that says which row it belongs to.
 */
public final class Canary {
    private Canary() {}

    /** A value for a row, with its outcome in the truth log. {@code anyOf}: permissions of which one is needed. */
    public static <T> T give(String row, String type, String cls, String method, Class<T> as, String... anyOf) {
        Object state = Device.getMap("generated").get(row);
        if ("denied".equals(state)) throw Read.refuse(type, cls, method, "Not allowed: " + cls + "." + method);
        if (anyOf.length > 0) Read.need(type, cls, method, anyOf);
        return Read.give(type, cls, method, "null".equals(state) && !as.isPrimitive() ? null : of(as, row));
    }

    /** The same for a method without a result. */
    public static void done(String row, String type, String cls, String method, String... anyOf) {
        give(row, type, cls, method, Boolean.class, anyOf);
    }

    /** A plausible value of a type; null where none can be made. */
    @SuppressWarnings("unchecked")
    static <T> T of(Class<T> as, String row) {
        return (T) make(as, row);
    }

    private static Object make(Class<?> as, String row) {
        if (as == String.class || as == CharSequence.class || as == Object.class) return "canary " + row;
        if (as == boolean.class || as == Boolean.class) return true;
        if (as == int.class || as == Integer.class) return 7;
        if (as == long.class || as == Long.class) return 7L;
        if (as == float.class || as == Float.class) return 7f;
        if (as == double.class || as == Double.class) return 7d;
        if (as == short.class || as == Short.class) return (short) 7;
        if (as == byte.class || as == Byte.class) return (byte) 7;
        if (as == char.class || as == Character.class) return '7';
        if (as.isArray()) return array(as.getComponentType(), row);
        if (as.isAssignableFrom(ArrayList.class)) return new ArrayList<>(List.of("canary " + row));
        if (as.isAssignableFrom(LinkedHashSet.class)) return new LinkedHashSet<>(List.of("canary " + row));
        if (as.isAssignableFrom(LinkedHashMap.class)) return new LinkedHashMap<>(Map.of("row", row));
        if (as == java.io.InputStream.class) return new java.io.ByteArrayInputStream(("canary " + row).getBytes());
        if (as == Class.class) return Canary.class;
        return instance(as);
    }

    private static Object array(Class<?> item, String row) {
        Object one = make(item, row);
        Object all = Array.newInstance(item, one == null ? 0 : 1);
        if (one != null) Array.set(all, 0, one);
        return all;
    }

    private static Object instance(Class<?> as) {
        try {
            if (as.isInterface() || Modifier.isAbstract(as.getModifiers())) {
                return Class.forName(as.getName().replace('$', '_') + "Impl").getConstructor().newInstance();
            }
            Constructor<?> plain = as.getDeclaredConstructor();
            plain.setAccessible(true);
            return plain.newInstance();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError unavailable) {
            return null;
        }
    }
}
