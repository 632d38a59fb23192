package android.widget;

import android.content.Context;

public class ToggleButton extends CompoundButton {
    public ToggleButton(Context context) { super(context); }
    public ToggleButton(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public ToggleButton(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public ToggleButton(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
}
