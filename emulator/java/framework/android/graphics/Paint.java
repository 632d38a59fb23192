package android.graphics;

/** Kept as it is set; nothing is painted with it. */
public class Paint {
    public enum Style { FILL, STROKE, FILL_AND_STROKE }
    public enum Cap { BUTT, ROUND, SQUARE }
    public enum Join { MITER, ROUND, BEVEL }
    public enum Align { LEFT, CENTER, RIGHT }

    public static class FontMetrics {
        public float top;
        public float ascent;
        public float descent;
        public float bottom;
        public float leading;
    }

    public static class FontMetricsInt {
        public int top;
        public int ascent;
        public int descent;
        public int bottom;
        public int leading;
    }

    private Typeface mTypeface;

    public Paint() {}

    public Paint(int flags) { setFlags(flags); }
    public Paint(Paint paint) { set(paint); }
    public void set(Paint src) {
        setFlags(src.getFlags());
        setColor(src.getColor());
        setTextSize(src.getTextSize());
        setStyle(src.getStyle());
        setStrokeWidth(src.getStrokeWidth());
        setTypeface(src.getTypeface());
        setTextAlign(src.getTextAlign());
    }
    private void flag(int flag, boolean on) { setFlags(on ? getFlags() | flag : getFlags() & ~flag); }
    public void setAntiAlias(boolean on) { flag(ANTI_ALIAS_FLAG, on); }
    public boolean isAntiAlias() { return (getFlags() & ANTI_ALIAS_FLAG) != 0; }
    public void setFilterBitmap(boolean on) { flag(FILTER_BITMAP_FLAG, on); }
    public void setDither(boolean on) { flag(DITHER_FLAG, on); }
    public void setUnderlineText(boolean on) { flag(UNDERLINE_TEXT_FLAG, on); }
    public boolean isUnderlineText() { return (getFlags() & UNDERLINE_TEXT_FLAG) != 0; }
    public void setStrikeThruText(boolean on) { flag(STRIKE_THRU_TEXT_FLAG, on); }
    public void setFakeBoldText(boolean on) { flag(FAKE_BOLD_TEXT_FLAG, on); }
    public void setARGB(int a, int r, int g, int b) { setColor(Color.argb(a, r, g, b)); }
    public int getAlpha() { return Color.alpha(getColor()); }
    public void setAlpha(int a) { setColor(getColor() & 0xffffff | a << 24); }
    public void setShadowLayer(float radius, float dx, float dy, int color) {}
    /** By the size and the number of characters: there are no fonts here. */
    public float measureText(String text) { return text.length() * getTextSize() * 10 / 12; }
    public float measureText(CharSequence text, int start, int end) { return measureText(text.subSequence(start, end).toString()); }
    public void getTextBounds(String text, int start, int end, Rect bounds) { bounds.set(0, -(int) getTextSize(), (int) measureText(text, start, end), 0); }
    public float ascent() { return -getTextSize(); }
    public float descent() { return getTextSize() / 4; }
    public FontMetrics getFontMetrics() {
        FontMetrics m = new FontMetrics();
        m.top = m.ascent = ascent();
        m.bottom = m.descent = descent();
        return m;
    }
    public FontMetricsInt getFontMetricsInt() {
        FontMetricsInt m = new FontMetricsInt();
        m.top = m.ascent = (int) ascent();
        m.bottom = m.descent = (int) descent();
        return m;
    }
    public Shader setShader(Shader shader) { return shader; }
    public Xfermode setXfermode(Xfermode xfermode) { return xfermode; }
    public ColorFilter setColorFilter(ColorFilter filter) { return filter; }
    public PathEffect setPathEffect(PathEffect effect) { return effect; }
    public MaskFilter setMaskFilter(MaskFilter filter) { return filter; }
    public Typeface setTypeface(Typeface typeface) {
        mTypeface = typeface;
        return typeface;
    }
    public Typeface getTypeface() { return mTypeface; }
}
