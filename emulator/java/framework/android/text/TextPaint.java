package android.text;

public class TextPaint extends android.graphics.Paint {
    public int linkColor;

    public void setUnderlineText(boolean v) {}
}
