package android.widget;

import android.content.Context;

public class RadioButton extends CompoundButton {
    public RadioButton(Context context) { super(context); }
    public RadioButton(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public RadioButton(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public RadioButton(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
    @Override public void toggle() { if (!isChecked()) super.toggle(); }
}
