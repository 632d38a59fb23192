package android.text;

public class TextPaint extends android.graphics.Paint {
    public int linkColor;
    public int bgColor;
    public float density = 1f;

    public TextPaint() {}

    public TextPaint(int flags) { super(flags); }

    public TextPaint(android.graphics.Paint p) { super(p); }
}
