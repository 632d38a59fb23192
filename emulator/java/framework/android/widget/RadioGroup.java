package android.widget;

import android.content.Context;
import android.view.View;
import android.view.ViewGroup;

public class RadioGroup extends LinearLayout {
    public interface OnCheckedChangeListener {
        void onCheckedChanged(RadioGroup group, int checkedId);
    }

    private int mCheckedId = -1;
    private OnCheckedChangeListener mListener;

    public RadioGroup(Context context) { super(context); setOrientation(VERTICAL); }
    public RadioGroup(Context context, android.util.AttributeSet attrs) { this(context); }
    @Override public void addView(View child, int index, ViewGroup.LayoutParams params) {
        super.addView(child, index, params);
        if (!(child instanceof RadioButton)) return;
        if (child.getId() == NO_ID) child.setId(generateViewId());
        ((RadioButton) child).mGroupListener = (button, checked) -> { if (checked) chosen(button.getId()); };
    }
    private void chosen(int id) {
        for (int i = 0; i < getChildCount(); i++) {
            View v = getChildAt(i);
            if (v instanceof RadioButton && v.getId() != id) ((RadioButton) v).setChecked(false);
        }
        mCheckedId = id;
        if (mListener != null) mListener.onCheckedChanged(this, id);
    }
    public void check(int id) {
        View v = findViewById(id);
        if (v instanceof RadioButton) ((RadioButton) v).setChecked(true);
    }
    public int getCheckedRadioButtonId() { return mCheckedId; }
    public void setOnCheckedChangeListener(OnCheckedChangeListener l) { mListener = l; }
}
