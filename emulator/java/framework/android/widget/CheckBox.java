package android.widget;

import android.content.Context;

public class CheckBox extends CompoundButton {
    public CheckBox(Context context) { super(context); }
    public CheckBox(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
}
