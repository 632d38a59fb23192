package android.widget;

import android.content.Context;
import android.graphics.Bitmap;
import android.graphics.drawable.Drawable;
import android.view.View;

public class ImageView extends View {
    public ImageView(Context context) { super(context); }
    public ImageView(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public enum ScaleType { CENTER, CENTER_CROP, CENTER_INSIDE, FIT_CENTER, FIT_XY }

    public void setImageBitmap(Bitmap bm) {}
    public void setImageDrawable(Drawable d) {}
    public void setImageResource(int id) {}
    public void setScaleType(ScaleType type) {}
}
