package standin;

import java.util.Collection;

/** The way every data API goes: what the permission says, what the value is, one line in the truth log. */
public final class Read {
    /** What Android gives instead of a hardware address since 6.0. */
    public static final String NO_MAC = "02:00:00:00:00:00";

    private Read() {}

    /** {@code value}, with its outcome in the truth log: null, empty or value. */
    public static <T> T give(String type, String cls, String method, T value) {
        Device.truth(type, cls, method, outcome(value));
        return value;
    }

    private static String outcome(Object value) {
        if (value == null) return "null";
        if (value instanceof CharSequence) return ((CharSequence) value).length() == 0 ? "empty" : "value";
        if (value instanceof Collection) return ((Collection<?>) value).isEmpty() ? "empty" : "value";
        if (value instanceof Object[]) return ((Object[]) value).length == 0 ? "empty" : "value";
        return "value";
    }

    /** A stand-in for the real value, the same on every device. */
    public static <T> T constant(String type, String cls, String method, T value) {
        Device.truth(type, cls, method, "constant");
        return value;
    }

    /** The text at a path of the device state. */
    public static String text(String type, String cls, String method, String path) {
        return give(type, cls, method, Device.getString(path));
    }

    /** Passes with one of the permissions; else the truth log has {@code denied} and SecurityException goes out. */
    public static void need(String type, String cls, String method, String... anyOf) {
        try {
            Device.requirePermission(anyOf);
        } catch (SecurityException refused) {
            Device.truth(type, cls, method, "denied");
            throw refused;
        }
    }

    /** Writes {@code denied} and gives the exception to throw. */
    public static SecurityException refuse(String type, String cls, String method, String message) {
        Device.truth(type, cls, method, "denied");
        return new SecurityException(message);
    }

    /** Whether the app may see precise places (network names, cells): permission held and location switched on. */
    public static boolean placesVisible() {
        return Device.hasPermission("android.permission.ACCESS_FINE_LOCATION") && Device.getBoolean("location.enabled", true);
    }

    public static String text(Object value) {
        return value == null ? "" : String.valueOf(value);
    }

    public static int integer(Object value, int otherwise) {
        return value instanceof Number ? ((Number) value).intValue() : otherwise;
    }

    public static double real(Object value, double otherwise) {
        return value instanceof Number ? ((Number) value).doubleValue() : otherwise;
    }
}
