package android.widget;

import android.content.Context;

public class CheckBox extends CompoundButton {
    public CheckBox(Context context) { super(context); }
    public CheckBox(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public CheckBox(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public CheckBox(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
}
