package android.widget;

import android.content.Context;

public class RadioButton extends CompoundButton {
    public RadioButton(Context context) { super(context); }
    public RadioButton(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    @Override public void toggle() { if (!isChecked()) super.toggle(); }
}
