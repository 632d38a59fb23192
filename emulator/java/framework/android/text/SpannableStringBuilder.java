package android.text;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

public class SpannableStringBuilder implements Editable {
    private final StringBuilder mText = new StringBuilder();
    private final List<Object[]> mSpans = new ArrayList<>();

    public SpannableStringBuilder() {}

    public SpannableStringBuilder(CharSequence text) {
        append(text);
    }

    @Override public int length() { return mText.length(); }
    @Override public char charAt(int i) { return mText.charAt(i); }
    @Override public CharSequence subSequence(int s, int e) { return mText.substring(s, e); }
    @Override public String toString() { return mText.toString(); }

    @Override public SpannableStringBuilder replace(int st, int en, CharSequence text) {
        mText.replace(st, en, text.toString());
        int moved = text.length() - (en - st);
        mSpans.removeIf(row -> (int) row[1] >= st && (int) row[2] <= en && en > st);
        for (Object[] row : mSpans) {
            if ((int) row[1] >= en) row[1] = (int) row[1] + moved;
            if ((int) row[2] >= en && (int) row[2] > st) row[2] = (int) row[2] + moved;
        }
        if (text instanceof Spanned) {
            Spanned from = (Spanned) text;
            for (Object span : from.getSpans(0, from.length(), Object.class)) {
                setSpan(span, st + from.getSpanStart(span), st + from.getSpanEnd(span), from.getSpanFlags(span));
            }
        }
        return this;
    }

    @Override public SpannableStringBuilder insert(int where, CharSequence text) { return replace(where, where, text); }
    @Override public SpannableStringBuilder delete(int st, int en) { return replace(st, en, ""); }
    @Override public SpannableStringBuilder append(CharSequence text) { return replace(length(), length(), text); }
    @Override public SpannableStringBuilder append(CharSequence text, int s, int e) { return append(text.subSequence(s, e)); }
    @Override public SpannableStringBuilder append(char text) { return append(String.valueOf(text)); }
    public SpannableStringBuilder append(CharSequence text, Object what, int flags) {
        int start = length();
        append(text);
        setSpan(what, start, length(), flags);
        return this;
    }
    @Override public void clear() {
        mText.setLength(0);
        mSpans.clear();
    }

    @Override public void setSpan(Object what, int start, int end, int flags) {
        if (start < 0 || end > length() || start > end) {
            throw new IndexOutOfBoundsException("setSpan (" + start + " ... " + end + ") ends beyond length " + length());
        }
        removeSpan(what);
        mSpans.add(new Object[] {what, start, end, flags});
    }

    @Override public void removeSpan(Object what) { mSpans.removeIf(row -> row[0] == what); }

    @SuppressWarnings("unchecked")
    @Override public <T> T[] getSpans(int start, int end, Class<T> type) {
        List<Object[]> rows = new ArrayList<>();
        for (Object[] row : mSpans) if (type.isInstance(row[0]) && (int) row[1] <= end && (int) row[2] >= start) rows.add(row);
        rows.sort((a, b) -> Integer.compare((int) a[1], (int) b[1]));
        T[] out = (T[]) Array.newInstance(type, rows.size());
        for (int i = 0; i < out.length; i++) out[i] = (T) rows.get(i)[0];
        return out;
    }

    private int at(Object tag, int column) {
        for (Object[] row : mSpans) if (row[0] == tag) return (int) row[column];
        return -1;
    }

    @Override public int getSpanStart(Object tag) { return at(tag, 1); }
    @Override public int getSpanEnd(Object tag) { return at(tag, 2); }
    @Override public int getSpanFlags(Object tag) { return Math.max(0, at(tag, 3)); }
}
