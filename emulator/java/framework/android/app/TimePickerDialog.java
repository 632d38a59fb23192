package android.app;

import android.content.Context;
import android.widget.TimePicker;

public class TimePickerDialog extends AlertDialog {
    private final TimePicker mPicker;

    public interface OnTimeSetListener { void onTimeSet(TimePicker view, int hourOfDay, int minute); }

    public TimePickerDialog(Context context, OnTimeSetListener listener, int hourOfDay, int minute, boolean is24HourView) { this(context, 0, listener, hourOfDay, minute, is24HourView); }
    public TimePickerDialog(Context context, int themeResId, OnTimeSetListener listener, int hourOfDay, int minute, boolean is24HourView) {
        super(context, themeResId);
        mPicker = new TimePicker(context);
        updateTime(hourOfDay, minute);
        setView(mPicker);
        setButton(BUTTON_POSITIVE, context.getText(android.R.string.ok), (d, which) -> {
            if (listener != null) listener.onTimeSet(mPicker, mPicker.getHour(), mPicker.getMinute());
        });
        setButton(BUTTON_NEGATIVE, context.getText(android.R.string.cancel), (d, which) -> cancel());
    }
    public void updateTime(int hourOfDay, int minute) {
        mPicker.setHour(hourOfDay);
        mPicker.setMinute(minute);
    }
}
