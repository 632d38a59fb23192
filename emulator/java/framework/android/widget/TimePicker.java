package android.widget;

import android.content.Context;
import java.util.Calendar;

/** Hour and minute, each in a field. */
public class TimePicker extends LinearLayout {
    private final EditText[] mFields = new EditText[2];
    private OnTimeChangedListener mListener;

    public interface OnTimeChangedListener { void onTimeChanged(TimePicker view, int hourOfDay, int minute); }

    public TimePicker(Context context) {
        super(context);
        for (int i = 0; i < 2; i++) addView(mFields[i] = new EditText(context));
        setHour(Calendar.getInstance().get(Calendar.HOUR_OF_DAY));
        setMinute(Calendar.getInstance().get(Calendar.MINUTE));
    }
    public TimePicker(Context context, android.util.AttributeSet attrs) { this(context); }
    public TimePicker(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public TimePicker(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    private int number(int field) {
        try {
            return Integer.parseInt(mFields[field].getText().toString().trim());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
    private void set(int field, int value) {
        mFields[field].setText(String.valueOf(value));
        if (mListener != null) mListener.onTimeChanged(this, getHour(), getMinute());
    }
    public void setHour(int hour) { set(0, hour); }
    public void setMinute(int minute) { set(1, minute); }
    public int getHour() { return number(0); }
    public int getMinute() { return number(1); }
    public Integer getCurrentHour() { return getHour(); }
    public Integer getCurrentMinute() { return getMinute(); }
    public void setCurrentHour(Integer hour) { setHour(hour); }
    public void setCurrentMinute(Integer minute) { setMinute(minute); }
    public void setIs24HourView(Boolean is24Hour) {}
    public boolean is24HourView() { return true; }
    public void setOnTimeChangedListener(OnTimeChangedListener l) { mListener = l; }
}
