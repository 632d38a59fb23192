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
    public static boolean isDigitsOnly(CharSequence s) {
        for (int i = 0; i < s.length(); i++) if (!Character.isDigit(s.charAt(i))) return false;
        return true;
    }
    public static int getTrimmedLength(CharSequence s) { return s.toString().trim().length(); }
    public enum TruncateAt { START, MIDDLE, END, MARQUEE, END_SMALL }

    public interface StringSplitter extends Iterable<String> { void setString(String string); }

    public static class SimpleStringSplitter implements StringSplitter, java.util.Iterator<String> {
        private final char mDelimiter;
        private String mString;
        private int mPosition;

        public SimpleStringSplitter(char delimiter) { mDelimiter = delimiter; }
        @Override public void setString(String string) {
            mString = string;
            mPosition = 0;
        }
        @Override public java.util.Iterator<String> iterator() { return this; }
        @Override public boolean hasNext() { return mPosition < mString.length(); }
        @Override public String next() {
            int end = mString.indexOf(mDelimiter, mPosition);
            if (end < 0) end = mString.length();
            String next = mString.substring(mPosition, end);
            mPosition = end + 1;
            return next;
        }
    }

    public static String[] split(String text, java.util.regex.Pattern pattern) { return text.isEmpty() ? new String[0] : pattern.split(text, -1); }
    public static String htmlEncode(String s) {
        return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;").replace("\"", "&quot;");
    }
    public static int indexOf(CharSequence s, char c) { return s.toString().indexOf(c); }
    public static int indexOf(CharSequence s, char c, int start) { return s.toString().indexOf(c, start); }
    public static int indexOf(CharSequence s, CharSequence needle) { return s.toString().indexOf(needle.toString()); }
    public static int lastIndexOf(CharSequence s, char c) { return s.toString().lastIndexOf(c); }
    public static String substring(CharSequence s, int start, int end) { return s.subSequence(start, end).toString(); }
    public static CharSequence getReverse(CharSequence s, int start, int end) { return new StringBuilder(s.subSequence(start, end)).reverse(); }
    public static boolean isGraphic(CharSequence s) {
        for (int i = 0; i < s.length(); i++) if (!Character.isWhitespace(s.charAt(i)) && !Character.isISOControl(s.charAt(i))) return true;
        return false;
    }
    public static boolean regionMatches(CharSequence a, int aStart, CharSequence b, int bStart, int len) {
        return a.toString().regionMatches(aStart, b.toString(), bStart, len);
    }
    public static CharSequence replace(CharSequence template, String[] sources, CharSequence[] destinations) {
        SpannableStringBuilder b = new SpannableStringBuilder(template);
        for (int i = 0; i < sources.length; i++) {
            int at = b.toString().indexOf(sources[i]);
            if (at >= 0) b.replace(at, at + sources[i].length(), destinations[i]);
        }
        return b;
    }
    public static CharSequence concat(CharSequence... text) {
        SpannableStringBuilder b = new SpannableStringBuilder();
        for (CharSequence t : text) b.append(t);
        return b;
    }
    public static CharSequence ellipsize(CharSequence text, TextPaint p, float avail, TruncateAt where) {
        if (p.measureText(text.toString()) <= avail) return text;
        int keep = text.length();
        while (keep > 0 && p.measureText(text.subSequence(0, keep) + "…") > avail) keep--;
        return where == TruncateAt.START ? "…" + text.subSequence(text.length() - keep, text.length()) : keep == 0 ? "" : text.subSequence(0, keep) + "…";
    }
    public static CharSequence expandTemplate(CharSequence template, CharSequence... values) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '^' && i + 1 < template.length() && Character.isDigit(template.charAt(i + 1))) out.append(values[Character.getNumericValue(template.charAt(++i)) - 1]);
            else out.append(c);
        }
        return out;
    }
    public static int getLayoutDirectionFromLocale(java.util.Locale locale) { return java.util.Set.of("ar", "fa", "he", "iw", "ur").contains(locale.getLanguage()) ? 1 : 0; }
    public static CharSequence stringOrSpannedString(CharSequence source) { return source instanceof Spanned || source == null ? source : source.toString(); }
    public static int indexOf(CharSequence s, CharSequence needle, int start, int end) {
        int at = s.toString().indexOf(needle.toString(), start);
        return at + needle.length() > end ? -1 : at;
    }
    public static int lastIndexOf(CharSequence s, char ch, int last) { return s.toString().lastIndexOf(ch, last); }
}
