package android.text.style;

public interface LeadingMarginSpan {
    int getLeadingMargin(boolean first);

    void drawLeadingMargin(android.graphics.Canvas c, android.graphics.Paint p, int x, int dir, int top, int baseline, int bottom,
            CharSequence text, int start, int end, boolean first, android.text.Layout layout);

    class Standard implements LeadingMarginSpan {
        private final int first;
        private final int rest;

        public Standard(int every) { this(every, every); }
        public Standard(int first, int rest) {
            this.first = first;
            this.rest = rest;
        }

        @Override public int getLeadingMargin(boolean isFirst) { return isFirst ? first : rest; }
        @Override public void drawLeadingMargin(android.graphics.Canvas c, android.graphics.Paint p, int x, int dir, int top, int baseline,
                int bottom, CharSequence text, int start, int end, boolean isFirst, android.text.Layout layout) {}
    }
}
