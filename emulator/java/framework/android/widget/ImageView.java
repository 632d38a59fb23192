package android.widget;

import android.content.Context;
import android.graphics.Bitmap;
import android.graphics.drawable.BitmapDrawable;
import android.graphics.drawable.Drawable;
import android.util.AttributeSet;
import android.view.View;

public class ImageView extends View {
    private Drawable mDrawable;

    public ImageView(Context context) { super(context); }
    public ImageView(Context context, AttributeSet attrs) { super(context, attrs); }
    public ImageView(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
    public ImageView(Context context, AttributeSet attrs, int defStyleAttr) { super(context, attrs); }

    public enum ScaleType { MATRIX, FIT_XY, FIT_START, FIT_CENTER, FIT_END, CENTER, CENTER_CROP, CENTER_INSIDE }

    public Drawable getDrawable() { return mDrawable; }
    public void setImageDrawable(Drawable d) { mDrawable = d; }
    public void setImageBitmap(Bitmap bm) { setImageDrawable(bm == null ? null : new BitmapDrawable(getResources(), bm)); }
    public void setImageResource(int id) { setImageDrawable(id == 0 ? null : new android.graphics.drawable.ColorDrawable()); }
    public void setImageURI(android.net.Uri uri) {
        try (java.io.InputStream in = uri == null ? null : getContext().getContentResolver().openInputStream(uri)) {
            setImageBitmap(in == null ? null : android.graphics.BitmapFactory.decodeStream(in));
        } catch (java.io.IOException e) {
            android.util.Log.w("ImageView", "Unable to open content: " + uri, e);
            setImageDrawable(null);
        }
    }
    public final void setColorFilter(int color) {}
    public final void setColorFilter(int color, android.graphics.PorterDuff.Mode mode) {}
    public void setColorFilter(android.graphics.ColorFilter filter) {}
    public final void clearColorFilter() {}
}
