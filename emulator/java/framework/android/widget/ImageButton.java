package android.widget;

import android.content.Context;

public class ImageButton extends ImageView {
    public ImageButton(Context context) { super(context); setClickable(true); setFocusable(true); }
    public ImageButton(Context context, android.util.AttributeSet attrs) { this(context); }
    public ImageButton(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public ImageButton(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
}
