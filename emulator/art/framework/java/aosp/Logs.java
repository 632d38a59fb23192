package aosp;

/** Where the framework's log goes: to the device that a session belongs to, else to the error stream. */
public final class Logs {
    /** Takes a line. */
    public interface Taker {
        void line(int level, String tag, String message);
    }

    private static volatile Taker taker = (level, tag, message) -> System.err.println("??VDIWEF".charAt(level & 7) + "/" + tag + ": " + message);

    private Logs() {}

    public static void to(Taker taker) {
        Logs.taker = taker;
    }

    /** From the native of android.util.Log. */
    static int write(int level, String tag, String message) {
        taker.line(level, tag, message);
        return message.length();
    }
}
