package android.text;

public class SpannableString implements Spannable {
    private final SpannableStringBuilder mBuilder;

    public SpannableString(CharSequence source) {
        mBuilder = new SpannableStringBuilder(source);
    }

    public static SpannableString valueOf(CharSequence source) {
        return source instanceof SpannableString ? (SpannableString) source : new SpannableString(source);
    }

    @Override public void setSpan(Object what, int start, int end, int flags) { mBuilder.setSpan(what, start, end, flags); }
    @Override public void removeSpan(Object what) { mBuilder.removeSpan(what); }
    @Override public <T> T[] getSpans(int start, int end, Class<T> type) { return mBuilder.getSpans(start, end, type); }
    @Override public int getSpanStart(Object tag) { return mBuilder.getSpanStart(tag); }
    @Override public int getSpanEnd(Object tag) { return mBuilder.getSpanEnd(tag); }
    @Override public int getSpanFlags(Object tag) { return mBuilder.getSpanFlags(tag); }
    @Override public int length() { return mBuilder.length(); }
    @Override public char charAt(int i) { return mBuilder.charAt(i); }
    @Override public CharSequence subSequence(int s, int e) { return mBuilder.subSequence(s, e); }
    @Override public String toString() { return mBuilder.toString(); }
}
