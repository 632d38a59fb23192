package android.widget;

import android.content.Context;

/** A number between two others; the device has no wheel to turn, so only the app turns it. */
public class NumberPicker extends LinearLayout {
    private int mMin;
    private int mMax;
    private int mValue;
    private String[] mWords;
    private final TextView mShown;

    public interface OnValueChangeListener { void onValueChange(NumberPicker picker, int oldVal, int newVal); }
    public interface Formatter { String format(int value); }

    public NumberPicker(Context context) {
        super(context);
        addView(mShown = new TextView(context));
        setValue(0);
    }
    public NumberPicker(Context context, android.util.AttributeSet attrs) { this(context); }
    public NumberPicker(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public NumberPicker(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    public void setMinValue(int min) {
        mMin = min;
        setValue(Math.max(min, mValue));
    }
    public int getMinValue() { return mMin; }
    public void setMaxValue(int max) {
        mMax = max;
        setValue(Math.min(max, mValue));
    }
    public int getMaxValue() { return mMax; }
    public void setValue(int value) {
        mValue = Math.max(mMin, Math.min(mMax, value));
        int word = mValue - mMin;
        mShown.setText(mWords != null && word < mWords.length ? mWords[word] : String.valueOf(mValue));
    }
    public int getValue() { return mValue; }
    public void setDisplayedValues(String[] words) {
        mWords = words;
        setValue(mValue);
    }
    public String[] getDisplayedValues() { return mWords; }
    public void setOnValueChangedListener(OnValueChangeListener l) {}
    public void setFormatter(Formatter formatter) {}
}
