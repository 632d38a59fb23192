package android.widget;

public class CalendarView extends FrameLayout {
    private long mDate = System.currentTimeMillis();
    private OnDateChangeListener mListener;

    public interface OnDateChangeListener {
        void onSelectedDayChange(CalendarView view, int year, int month, int dayOfMonth);
    }

    public CalendarView(android.content.Context context) { super(context); }
    public CalendarView(android.content.Context context, android.util.AttributeSet attrs) { super(context); }

    public long getDate() { return mDate; }
    public void setDate(long date) { mDate = date; }
    public void setDate(long date, boolean animate, boolean center) { setDate(date); }
    public void setMinDate(long date) {}
    public void setMaxDate(long date) {}
    public void setFirstDayOfWeek(int day) {}
    public void setOnDateChangeListener(OnDateChangeListener l) { mListener = l; }
}
