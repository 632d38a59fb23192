package standin;

/** Lets a checked exception pass where the signature has none (as a binder stub does with its unparcelled ones). */
public final class Errors {
    private Errors() {}

    public static RuntimeException unchecked(Throwable error) {
        Errors.<RuntimeException>sneak(error);
        return null;
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable error) throws T {
        throw (T) error;
    }
}
