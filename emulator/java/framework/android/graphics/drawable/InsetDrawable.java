package android.graphics.drawable;

public class InsetDrawable extends Drawable.Kept {
    private final Drawable mDrawable;

    public InsetDrawable(Drawable drawable, int inset) { mDrawable = drawable; }
    public InsetDrawable(Drawable drawable, int left, int top, int right, int bottom) { this(drawable, left); }
    public Drawable getDrawable() { return mDrawable; }
}
