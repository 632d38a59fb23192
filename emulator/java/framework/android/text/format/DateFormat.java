package android.text.format;

import android.content.Context;
import android.provider.Settings;
import java.text.SimpleDateFormat;
import java.util.Calendar;
import java.util.Date;
import java.util.Locale;

/** Android's patterns are those of SimpleDateFormat, but for {@code A} (am or pm). */
public class DateFormat {
    public static boolean is24HourFormat(Context context) {
        String value = Settings.System.getString(context.getContentResolver(), Settings.System.TIME_12_24);
        if (value != null) return value.equals("24");
        java.text.DateFormat local = java.text.DateFormat.getTimeInstance(java.text.DateFormat.LONG, Locale.getDefault());
        return !(local instanceof SimpleDateFormat) || ((SimpleDateFormat) local).toPattern().indexOf('H') >= 0;
    }
    public static java.text.DateFormat getTimeFormat(Context context) { return new SimpleDateFormat(is24HourFormat(context) ? "HH:mm" : "h:mm a"); }
    public static java.text.DateFormat getDateFormat(Context context) { return java.text.DateFormat.getDateInstance(java.text.DateFormat.SHORT); }
    public static java.text.DateFormat getMediumDateFormat(Context context) { return java.text.DateFormat.getDateInstance(java.text.DateFormat.MEDIUM); }
    public static java.text.DateFormat getLongDateFormat(Context context) { return java.text.DateFormat.getDateInstance(java.text.DateFormat.LONG); }
    public static CharSequence format(CharSequence inFormat, long inTimeInMillis) { return format(inFormat, new Date(inTimeInMillis)); }
    public static CharSequence format(CharSequence inFormat, Calendar inDate) {
        SimpleDateFormat made = made(inFormat);
        made.setTimeZone(inDate.getTimeZone());
        return made.format(inDate.getTime());
    }
    public static CharSequence format(CharSequence inFormat, Date inDate) { return made(inFormat).format(inDate); }
    private static SimpleDateFormat made(CharSequence format) {
        StringBuilder pattern = new StringBuilder();
        boolean quoted = false;
        for (char c : format.toString().toCharArray()) {
            quoted ^= c == '\'';
            pattern.append(!quoted && c == 'A' ? 'a' : c);
        }
        return new SimpleDateFormat(pattern.toString(), Locale.getDefault());
    }
}
