package android.widget;

import android.content.Context;

public class Button extends TextView {
    public Button(Context context) { super(context); setClickable(true); setFocusable(true); }
    public Button(Context context, android.util.AttributeSet attrs) { this(context); }
    public Button(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public Button(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
}
