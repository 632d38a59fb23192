package android.app;

import android.content.Context;
import android.widget.DatePicker;

public class DatePickerDialog extends AlertDialog {
    private final DatePicker mPicker;
    private OnDateSetListener mListener;

    public interface OnDateSetListener { void onDateSet(DatePicker view, int year, int month, int dayOfMonth); }

    public DatePickerDialog(Context context, OnDateSetListener listener, int year, int month, int dayOfMonth) { this(context, 0, listener, year, month, dayOfMonth); }
    public DatePickerDialog(Context context, int themeResId, OnDateSetListener listener, int year, int month, int dayOfMonth) {
        super(context, themeResId);
        mListener = listener;
        mPicker = new DatePicker(context);
        mPicker.updateDate(year, month, dayOfMonth);
        setView(mPicker);
        setButton(BUTTON_POSITIVE, context.getText(android.R.string.ok), (d, which) -> {
            if (mListener != null) mListener.onDateSet(mPicker, mPicker.getYear(), mPicker.getMonth(), mPicker.getDayOfMonth());
        });
        setButton(BUTTON_NEGATIVE, context.getText(android.R.string.cancel), (d, which) -> cancel());
    }
    public DatePicker getDatePicker() { return mPicker; }
    public void setOnDateSetListener(OnDateSetListener l) { mListener = l; }
    public void updateDate(int year, int month, int dayOfMonth) { mPicker.updateDate(year, month, dayOfMonth); }
}
