package standin;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;

/** Names of resource numbers, from the {@code R} classes of the platform and of the app. */
public final class Names {
    private static Map<Integer, String> own;

    private Names() {}

    /** Of the app's own resources and the platform's, as a dump shows it; "" if the number has none. */
    public static synchronized String own(int id) {
        if (own == null) own = of(Device.packageName(), Device.application().getClassLoader());
        return own.getOrDefault(id, "");
    }

    /** {@code pkg:type/name} by number; of the platform's only without a loader. */
    public static Map<Integer, String> of(String pkg, ClassLoader loader) {
        Map<Integer, String> found = new HashMap<>();
        read(found, "android", android.R.id.class, "id");
        read(found, "android", android.R.string.class, "string");
        for (String type : new String[] {"id", "string", "drawable", "layout", "mipmap", "color", "array", "raw"}) {
            try {
                if (loader != null) read(found, pkg, Class.forName(pkg + ".R$" + type, true, loader), type);
            } catch (ClassNotFoundException e) {
                continue;
            }
        }
        return found;
    }

    /** The number of a constant by its name, or 0. */
    public static int constant(Class<?> holder, String name) {
        try {
            return holder.getField(name).getInt(null);
        } catch (ReflectiveOperationException none) {
            return 0;
        }
    }

    /** The name of the constant with a prefix and this value; the number where there is none. */
    public static String constant(Class<?> holder, String prefix, int value) {
        for (Field f : holder.getFields()) {
            if (f.getName().startsWith(prefix) && constant(holder, f.getName()) == value) return f.getName();
        }
        return String.valueOf(value);
    }

    private static void read(Map<Integer, String> found, String pkg, Class<?> holder, String type) {
        for (Field f : holder.getFields()) {
            try {
                if (f.getType() == int.class) found.put(f.getInt(null), pkg + ":" + type + "/" + f.getName());
            } catch (IllegalAccessException e) {
                continue;
            }
        }
    }
}
