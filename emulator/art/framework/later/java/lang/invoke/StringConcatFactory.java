package java.lang.invoke;

/** Named by compiled code, for D8 to replace. */
public final class StringConcatFactory {
    private StringConcatFactory() {}

    public static CallSite makeConcatWithConstants(
            MethodHandles.Lookup caller, String name, MethodType type, String recipe, Object... constants) {
        throw new UnsupportedOperationException();
    }

    public static CallSite makeConcat(MethodHandles.Lookup caller, String name, MethodType type) {
        throw new UnsupportedOperationException();
    }
}
