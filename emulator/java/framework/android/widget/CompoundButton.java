package android.widget;

import android.content.Context;
import java.util.Map;

public abstract class CompoundButton extends Button implements Checkable {
    public interface OnCheckedChangeListener {
        void onCheckedChanged(CompoundButton buttonView, boolean isChecked);
    }

    private boolean mChecked;
    private boolean mBroadcasting;
    private OnCheckedChangeListener mListener;
    OnCheckedChangeListener mGroupListener;

    public CompoundButton(Context context) { super(context); }
    public CompoundButton(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public CompoundButton(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public CompoundButton(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
    @Override public void toggle() { setChecked(!mChecked); }
    @Override public boolean performClick() {
        toggle();
        super.performClick();
        return true;
    }
    @Override public boolean isChecked() { return mChecked; }
    @Override public void setChecked(boolean checked) {
        if (mChecked == checked) return;
        mChecked = checked;
        invalidate();
        if (mBroadcasting) return;
        mBroadcasting = true;
        if (mListener != null) mListener.onCheckedChanged(this, mChecked);
        if (mGroupListener != null) mGroupListener.onCheckedChanged(this, mChecked);
        mBroadcasting = false;
    }
    public void setOnCheckedChangeListener(OnCheckedChangeListener l) { mListener = l; }
    @Override public Map<String, Object> standinNode() {
        Map<String, Object> n = super.standinNode();
        n.put("checkable", true);
        n.put("checked", mChecked);
        return n;
    }
}
