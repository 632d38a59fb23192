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
    public RadioGroup(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public RadioGroup(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
    @Override public void addView(View child, int index, ViewGroup.LayoutParams params) {
        super.addView(child, index, params);
        if (!(child instanceof RadioButton)) return;
        if (child.getId() == NO_ID) child.setId(generateViewId());
        RadioButton button = (RadioButton) child;
        if (button.isChecked()) chosen(button.getId());
        button.mGroupListener = (b, checked) -> { if (checked) chosen(b.getId()); };
    }
    private void chosen(int id) {
        if (mCheckedId == id) return;
        View before = mCheckedId == -1 ? null : findViewById(mCheckedId);
        mCheckedId = id;
        if (before instanceof RadioButton) ((RadioButton) before).setChecked(false);
        if (mListener != null) mListener.onCheckedChanged(this, id);
    }
    public void check(int id) {
        if (id != -1 && id == mCheckedId) return;
        View v = id == -1 ? null : findViewById(id);
        if (v instanceof RadioButton) ((RadioButton) v).setChecked(true);
        else chosen(id);
    }
    public void clearCheck() { check(-1); }
    public int getCheckedRadioButtonId() { return mCheckedId; }
    public void setOnCheckedChangeListener(OnCheckedChangeListener l) { mListener = l; }

    public static class LayoutParams extends LinearLayout.LayoutParams {
        public LayoutParams(int w, int h) { super(w, h); }
        public LayoutParams(int w, int h, float weight) { super(w, h, weight); }
    }
}
