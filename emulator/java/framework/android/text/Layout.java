package android.text;

/** Lines of text as wide as they come: one for each line of it. */
public abstract class Layout {
    public static final int BREAK_STRATEGY_SIMPLE = 0;
    public static final int BREAK_STRATEGY_HIGH_QUALITY = 1;
    public static final int BREAK_STRATEGY_BALANCED = 2;
    public static final int HYPHENATION_FREQUENCY_NONE = 0;
    public static final int HYPHENATION_FREQUENCY_NORMAL = 1;
    public static final int DIR_LEFT_TO_RIGHT = 1;
    public static final int DIR_RIGHT_TO_LEFT = -1;
    private final CharSequence text;
    private final TextPaint paint;
    private final int width;

    public enum Alignment { ALIGN_NORMAL, ALIGN_OPPOSITE, ALIGN_CENTER }

    protected Layout(CharSequence text, TextPaint paint, int width, Alignment align, float spacingMult, float spacingAdd) {
        this.text = text;
        this.paint = paint;
        this.width = width;
    }

    public static float getDesiredWidth(CharSequence source, TextPaint paint) { return paint.measureText(source.toString()); }
    public final CharSequence getText() { return text; }
    public final TextPaint getPaint() { return paint; }
    public final int getWidth() { return width; }
    public int getHeight() { return getLineCount() * line(); }
    private int line() { return Math.round(paint.getTextSize() * 1.17f); }
    public int getLineCount() { return getLineForOffset(text.length()) + 1; }
    public int getLineStart(int line) {
        int at = 0;
        for (int i = 0; i < line; i++) at = text.toString().indexOf('\n', at) + 1;
        return at;
    }
    public int getLineEnd(int line) { return line + 1 >= getLineCount() ? text.length() : getLineStart(line + 1); }
    public int getLineVisibleEnd(int line) { return getLineEnd(line); }
    public int getLineForOffset(int offset) {
        int line = 0;
        for (int i = 0; i < offset; i++) if (text.charAt(i) == '\n') line++;
        return line;
    }
    public int getLineForVertical(int vertical) { return Math.max(0, Math.min(getLineCount() - 1, vertical / Math.max(1, line()))); }
    public int getOffsetForHorizontal(int line, float horiz) { return getLineStart(line); }
    public int getLineTop(int line) { return line * line(); }
    public int getLineBottom(int line) { return (line + 1) * line(); }
    public int getLineBaseline(int line) { return getLineBottom(line) - line() / 5; }
    public float getLineWidth(int line) { return paint.measureText(text.toString().substring(getLineStart(line), getLineEnd(line))); }
    public float getLineMax(int line) { return getLineWidth(line); }
    public float getLineLeft(int line) { return 0f; }
    public float getLineRight(int line) { return getLineWidth(line); }
    public float getPrimaryHorizontal(int offset) { return 0f; }
    public int getEllipsisCount(int line) { return 0; }
    public int getEllipsisStart(int line) { return 0; }
    public void draw(android.graphics.Canvas canvas) {}
}
