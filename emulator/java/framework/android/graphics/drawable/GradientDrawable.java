package android.graphics.drawable;

import android.content.res.ColorStateList;

public class GradientDrawable extends Drawable.Kept {
    public static final int RECTANGLE = 0;
    public static final int OVAL = 1;
    public static final int LINE = 2;
    public static final int RING = 3;
    public static final int LINEAR_GRADIENT = 0;
    public static final int RADIAL_GRADIENT = 1;
    public static final int SWEEP_GRADIENT = 2;

    public enum Orientation { TOP_BOTTOM, TR_BL, RIGHT_LEFT, BR_TL, BOTTOM_TOP, BL_TR, LEFT_RIGHT, TL_BR }

    private Orientation mOrientation = Orientation.TOP_BOTTOM;
    private int[] mColors;
    private ColorStateList mColor;
    private float[] mRadii;
    private int mWidth = -1;
    private int mHeight = -1;

    public GradientDrawable() {}

    public GradientDrawable(Orientation orientation, int[] colors) {
        mOrientation = orientation;
        mColors = colors;
    }

    public void setColor(int argb) { setColor(ColorStateList.valueOf(argb)); }
    public void setColor(ColorStateList colors) {
        mColor = colors;
        mColors = null;
    }
    public ColorStateList getColor() { return mColor; }
    public void setColors(int[] colors) {
        mColors = colors;
        mColor = null;
    }
    public int[] getColors() { return mColors == null ? null : mColors.clone(); }
    public void setOrientation(Orientation orientation) { mOrientation = orientation; }
    public Orientation getOrientation() { return mOrientation; }
    public void setCornerRadii(float[] radii) { mRadii = radii; }
    public float[] getCornerRadii() { return mRadii == null ? null : mRadii.clone(); }
    public void setStroke(int width, int color) {}
    public void setStroke(int width, ColorStateList color) {}
    public void setStroke(int width, int color, float dashWidth, float dashGap) {}
    public void setGradientCenter(float x, float y) {}
    public void setSize(int width, int height) {
        mWidth = width;
        mHeight = height;
    }
    @Override public int getIntrinsicWidth() { return mWidth; }
    @Override public int getIntrinsicHeight() { return mHeight; }
}
