package com.android.internal.util;

import java.util.Collection;

/** Checks of arguments: the framework's own lies in another repository. */
public class Preconditions {
    private static void need(boolean holds, Object message) {
        if (!holds) throw new IllegalArgumentException(String.valueOf(message));
    }

    private static String text(String format, Object... words) {
        return words.length == 0 ? format : String.format(format, words);
    }

    public static void checkArgument(boolean holds) { need(holds, null); }
    public static void checkArgument(boolean holds, Object message) { need(holds, message); }
    public static void checkArgument(boolean holds, String format, Object... words) { need(holds, text(format, words)); }
    public static <T extends CharSequence> T checkStringNotEmpty(T s) { return checkStringNotEmpty(s, "empty"); }
    public static <T extends CharSequence> T checkStringNotEmpty(T s, Object message) {
        need(s != null && s.length() > 0, message);
        return s;
    }
    public static <T extends CharSequence> T checkStringNotEmpty(T s, String format, Object... words) {
        return checkStringNotEmpty(s, (Object) text(format, words));
    }
    public static <T> T checkNotNull(T value) { return checkNotNull(value, null); }
    public static <T> T checkNotNull(T value, Object message) {
        if (value == null) throw new NullPointerException(String.valueOf(message));
        return value;
    }
    public static <T> T checkNotNull(T value, String format, Object... words) { return checkNotNull(value, (Object) text(format, words)); }
    public static void checkState(boolean holds) { checkState(holds, null); }
    public static void checkState(boolean holds, String message) {
        if (!holds) throw new IllegalStateException(message);
    }
    public static void checkState(boolean holds, String format, Object... words) { checkState(holds, text(format, words)); }
    public static void checkCall(boolean holds, String format, Object... words) { checkSecurity(holds, format, words); }
    public static void checkSecurity(boolean holds, String format, Object... words) {
        if (!holds) throw new SecurityException(text(format, words));
    }
    public static void checkCallAuthorization(boolean holds) { checkSecurity(holds, "not allowed"); }
    public static void checkCallAuthorization(boolean holds, String format, Object... words) { checkSecurity(holds, format, words); }
    public static int checkFlagsArgument(int asked, int allowed) {
        need((asked & allowed) == asked, "flags");
        return asked;
    }
    public static int checkArgumentNonnegative(int v) { return checkArgumentNonnegative(v, null); }
    public static int checkArgumentNonnegative(int v, String message) {
        need(v >= 0, message);
        return v;
    }
    public static long checkArgumentNonnegative(long v) { return checkArgumentNonnegative(v, null); }
    public static long checkArgumentNonnegative(long v, String message) {
        need(v >= 0, message);
        return v;
    }
    public static int checkArgumentPositive(int v, String message) {
        need(v > 0, message);
        return v;
    }
    public static float checkArgumentPositive(float v, String message) {
        need(v > 0, message);
        return v;
    }
    public static float checkArgumentNonNegative(float v, String message) {
        need(v >= 0, message);
        return v;
    }
    public static float checkArgumentFinite(float v, String message) {
        need(!Float.isNaN(v) && !Float.isInfinite(v), message);
        return v;
    }
    public static float checkArgumentInRange(float v, float low, float high, String name) {
        need(v >= low && v <= high, name);
        return v;
    }
    public static double checkArgumentInRange(double v, double low, double high, String name) {
        need(v >= low && v <= high, name);
        return v;
    }
    public static int checkArgumentInRange(int v, int low, int high, String name) {
        need(v >= low && v <= high, name);
        return v;
    }
    public static long checkArgumentInRange(long v, long low, long high, String name) {
        need(v >= low && v <= high, name);
        return v;
    }
    public static <T> T[] checkArrayElementsNotNull(T[] v, String name) {
        for (T one : v) checkNotNull(one, name);
        return v;
    }
    public static <C extends Collection<T>, T> C checkCollectionElementsNotNull(C v, String name) {
        for (T one : v) checkNotNull(one, name);
        return v;
    }
    public static <T> Collection<T> checkCollectionNotEmpty(Collection<T> v, String name) {
        need(!v.isEmpty(), name);
        return v;
    }
    public static byte[] checkByteArrayNotEmpty(byte[] v, String name) {
        need(v.length > 0, name);
        return v;
    }
    public static float[] checkArrayElementsInRange(float[] v, float low, float high, String name) {
        for (float one : v) checkArgumentInRange(one, low, high, name);
        return v;
    }
    public static int[] checkArrayElementsInRange(int[] v, int low, int high, String name) {
        for (int one : v) checkArgumentInRange(one, low, high, name);
        return v;
    }
}
