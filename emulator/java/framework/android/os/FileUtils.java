package android.os;

public final class FileUtils {
    private FileUtils() {}

    public static long copy(java.io.InputStream in, java.io.OutputStream out) throws java.io.IOException { return in.transferTo(out); }
    public static void closeQuietly(AutoCloseable one) {
        try {
            if (one != null) one.close();
        } catch (Exception ignored) {
            // As its name says.
        }
    }
}
