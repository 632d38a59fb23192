package android.text.style;

import android.content.Context;
import android.graphics.Bitmap;
import android.graphics.drawable.BitmapDrawable;
import android.graphics.drawable.Drawable;
import android.text.TextPaint;

public class ImageSpan extends MetricAffectingSpan {
    public static final int ALIGN_BOTTOM = 0;
    public static final int ALIGN_BASELINE = 1;
    public static final int ALIGN_CENTER = 2;
    private final Drawable mDrawable;

    public ImageSpan(Drawable drawable) { mDrawable = drawable; }
    public ImageSpan(Drawable drawable, int verticalAlignment) { this(drawable); }
    public ImageSpan(Context context, Bitmap bitmap) { this(new BitmapDrawable(context.getResources(), bitmap)); }
    public ImageSpan(Context context, int resourceId) { this(context.getDrawable(resourceId)); }
    public Drawable getDrawable() { return mDrawable; }
    @Override public void updateDrawState(TextPaint tp) {}
    @Override public void updateMeasureState(TextPaint tp) {}
}
