package android.widget;

import android.content.Context;
import java.util.Calendar;

/** Day, month and year, each in a field. */
public class DatePicker extends LinearLayout {
    private final EditText[] mFields = new EditText[3];
    private OnDateChangedListener mListener;

    public interface OnDateChangedListener { void onDateChanged(DatePicker view, int year, int monthOfYear, int dayOfMonth); }

    public DatePicker(Context context) {
        super(context);
        for (int i = 0; i < 3; i++) addView(mFields[i] = new EditText(context));
        Calendar now = Calendar.getInstance();
        updateDate(now.get(Calendar.YEAR), now.get(Calendar.MONTH), now.get(Calendar.DAY_OF_MONTH));
    }
    public DatePicker(Context context, android.util.AttributeSet attrs) { this(context); }
    public DatePicker(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public DatePicker(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    private int number(int field) {
        try {
            return Integer.parseInt(mFields[field].getText().toString().trim());
        } catch (NumberFormatException e) {
            return 1;
        }
    }
    public void init(int year, int month, int day, OnDateChangedListener l) {
        mListener = l;
        updateDate(year, month, day);
    }
    public void updateDate(int year, int month, int day) {
        mFields[0].setText(String.valueOf(year));
        mFields[1].setText(String.valueOf(month + 1));
        mFields[2].setText(String.valueOf(day));
        if (mListener != null) mListener.onDateChanged(this, year, month, day);
    }
    public void setOnDateChangedListener(OnDateChangedListener l) { mListener = l; }
    public int getYear() { return number(0); }
    public int getMonth() { return number(1) - 1; }
    public int getDayOfMonth() { return number(2); }
}
