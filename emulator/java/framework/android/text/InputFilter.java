package android.text;

public interface InputFilter {
    CharSequence filter(CharSequence source, int start, int end, Spanned dest, int dstart, int dend);

    class LengthFilter implements InputFilter {
        private final int mMax;

        public LengthFilter(int max) { mMax = max; }
        public int getMax() { return mMax; }
        @Override public CharSequence filter(CharSequence source, int start, int end, Spanned dest, int dstart, int dend) {
            int keep = mMax - (dest.length() - (dend - dstart));
            return keep <= 0 ? "" : keep >= end - start ? null : source.subSequence(start, start + keep);
        }
    }

    class AllCaps implements InputFilter {
        @Override public CharSequence filter(CharSequence source, int start, int end, Spanned dest, int dstart, int dend) {
            String text = source.subSequence(start, end).toString();
            String upper = text.toUpperCase();
            return upper.equals(text) ? null : upper;
        }
    }
}
