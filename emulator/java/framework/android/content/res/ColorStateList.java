package android.content.res;

public class ColorStateList {
    private final int mColor;

    private ColorStateList(int color) { mColor = color; }
    public static ColorStateList valueOf(int color) { return new ColorStateList(color); }
    public int getDefaultColor() { return mColor; }
}
