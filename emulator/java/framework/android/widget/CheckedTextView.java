package android.widget;

import android.content.Context;
import android.util.AttributeSet;
import java.util.Map;

public class CheckedTextView extends TextView implements Checkable {
    private boolean mChecked;

    public CheckedTextView(Context context) { super(context); }
    public CheckedTextView(Context context, AttributeSet attrs) { super(context, attrs); }
    public CheckedTextView(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public CheckedTextView(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    @Override public boolean isChecked() { return mChecked; }
    @Override public void toggle() { setChecked(!mChecked); }
    @Override public void setChecked(boolean checked) {
        mChecked = checked;
        invalidate();
    }
    public void setCheckMarkDrawable(int id) {}
    public void setCheckMarkDrawable(android.graphics.drawable.Drawable d) {}
    @Override public Map<String, Object> standinNode() {
        Map<String, Object> n = super.standinNode();
        n.put("checkable", true);
        n.put("checked", mChecked);
        return n;
    }
}
