package android.widget;

public class TextClock extends TextView {
    private CharSequence m24 = "HH:mm";
    private CharSequence m12 = "h:mm a";

    public TextClock(android.content.Context context) { super(context); }
    public TextClock(android.content.Context context, android.util.AttributeSet attrs) { super(context); }

    @Override protected void onAttachedToWindow() {
        super.onAttachedToWindow();
        refreshTime();
    }
    public void refreshTime() { setText(android.text.format.DateFormat.format(m24, System.currentTimeMillis())); }
    public CharSequence getFormat24Hour() { return m24; }
    public void setFormat24Hour(CharSequence format) { m24 = format; }
    public CharSequence getFormat12Hour() { return m12; }
    public void setFormat12Hour(CharSequence format) { m12 = format; }
    public boolean is24HourModeEnabled() { return true; }
    public void setTimeZone(String zone) {}
}
