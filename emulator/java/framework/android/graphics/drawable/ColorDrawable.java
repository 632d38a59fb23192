package android.graphics.drawable;

public class ColorDrawable extends Drawable.Kept {
    private int mColor;

    public ColorDrawable() { this(0); }
    public ColorDrawable(int color) { mColor = color; }
    public int getColor() { return mColor; }
    public void setColor(int color) { mColor = color; }
}
