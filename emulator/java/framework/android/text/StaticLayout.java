package android.text;

public class StaticLayout extends Layout {
    @Deprecated
    public StaticLayout(CharSequence source, TextPaint paint, int width, Alignment align, float spacingMult, float spacingAdd, boolean includePad) {
        super(source, paint, width, align, spacingMult, spacingAdd);
    }

    public static final class Builder {
        private final CharSequence text;
        private final TextPaint paint;
        private final int width;

        private Builder(CharSequence text, TextPaint paint, int width) {
            this.text = text;
            this.paint = paint;
            this.width = width;
        }

        public static Builder obtain(CharSequence source, int start, int end, TextPaint paint, int width) { return new Builder(source.subSequence(start, end), paint, width); }
        public Builder setAlignment(Alignment v) { return this; }
        public Builder setLineSpacing(float add, float multiply) { return this; }
        public Builder setIncludePad(boolean v) { return this; }
        public Builder setMaxLines(int v) { return this; }
        public Builder setEllipsize(TextUtils.TruncateAt v) { return this; }
        public Builder setEllipsizedWidth(int v) { return this; }
        public Builder setBreakStrategy(int v) { return this; }
        public Builder setHyphenationFrequency(int v) { return this; }
        public StaticLayout build() { return new StaticLayout(text, paint, width, Alignment.ALIGN_NORMAL, 1, 0, true); }
    }
}
