package android.text;

public class TextUtils {
    private TextUtils() {}

    public static boolean isEmpty(CharSequence s) { return s == null || s.length() == 0; }
    public static boolean equals(CharSequence a, CharSequence b) { return a == b || a != null && b != null && a.toString().equals(b.toString()); }
    public static String join(CharSequence d, Object[] t) { return join(d, java.util.Arrays.asList(t)); }
    public static String join(CharSequence d, Iterable<?> tokens) {
        java.util.StringJoiner j = new java.util.StringJoiner(d);
        for (Object t : tokens) j.add(String.valueOf(t));
        return j.toString();
    }
    public static String[] split(String text, String expression) { return text.isEmpty() ? new String[0] : text.split(expression, -1); }
    public static boolean isDigitsOnly(CharSequence s) { return s.chars().allMatch(Character::isDigit); }
    public static int getTrimmedLength(CharSequence s) { return s.toString().trim().length(); }
    public static CharSequence concat(CharSequence... text) {
        SpannableStringBuilder b = new SpannableStringBuilder();
        for (CharSequence t : text) b.append(t);
        return b;
    }
}
