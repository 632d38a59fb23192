package android.widget;

import android.content.Context;

public class Switch extends CompoundButton {
    public Switch(Context context) { super(context); }
    public Switch(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public Switch(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public Switch(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
}
