package android.text.format;

import android.content.Context;
import java.util.Calendar;
import java.util.Locale;

public class DateUtils {
    public static final long SECOND_IN_MILLIS = 1000;
    public static final long MINUTE_IN_MILLIS = SECOND_IN_MILLIS * 60;
    public static final long HOUR_IN_MILLIS = MINUTE_IN_MILLIS * 60;
    public static final long DAY_IN_MILLIS = HOUR_IN_MILLIS * 24;
    public static final long WEEK_IN_MILLIS = DAY_IN_MILLIS * 7;
    public static final long YEAR_IN_MILLIS = WEEK_IN_MILLIS * 52;
    public static final int FORMAT_SHOW_TIME = 1;
    public static final int FORMAT_SHOW_WEEKDAY = 2;
    public static final int FORMAT_SHOW_YEAR = 4;
    public static final int FORMAT_NO_YEAR = 8;
    public static final int FORMAT_SHOW_DATE = 16;
    public static final int FORMAT_ABBREV_RELATIVE = 262144;
    public static final int FORMAT_ABBREV_ALL = 524288;

    private static long day(long when) {
        Calendar at = Calendar.getInstance();
        at.setTimeInMillis(when);
        return at.get(Calendar.YEAR) * 1000L + at.get(Calendar.DAY_OF_YEAR);
    }
    public static boolean isToday(long when) { return day(when) == day(System.currentTimeMillis()); }
    public static String formatElapsedTime(long seconds) { return formatElapsedTime(null, seconds); }
    public static String formatElapsedTime(StringBuilder recycle, long seconds) {
        long hours = seconds / 3600;
        return hours > 0 ? String.format(Locale.getDefault(), "%d:%02d:%02d", hours, seconds / 60 % 60, seconds % 60)
                : String.format(Locale.getDefault(), "%02d:%02d", seconds / 60, seconds % 60);
    }
    public static CharSequence getRelativeTimeSpanString(long time) { return getRelativeTimeSpanString(time, System.currentTimeMillis(), MINUTE_IN_MILLIS); }
    public static CharSequence getRelativeTimeSpanString(long time, long now, long minResolution) { return getRelativeTimeSpanString(time, now, minResolution, 0); }
    /** Up to a week ago or ahead in words, then a date. */
    public static CharSequence getRelativeTimeSpanString(long time, long now, long minResolution, int flags) {
        long away = Math.abs(now - time);
        boolean chinese = Locale.getDefault().getLanguage().equals("zh");
        if (away >= WEEK_IN_MILLIS) return DateFormat.getMediumDateFormat(null).format(new java.util.Date(time));
        long[] units = {DAY_IN_MILLIS, HOUR_IN_MILLIS, MINUTE_IN_MILLIS, SECOND_IN_MILLIS};
        String[] names = chinese ? new String[] {"天", "小时", "分钟", "秒钟"} : new String[] {"day", "hour", "minute", "second"};
        int at = 0;
        while (at < 3 && away < units[at] && units[at] > minResolution) at++;
        long count = away / units[at];
        boolean past = time <= now;
        if (chinese) return count + names[at] + (past ? "前" : "后");
        String text = count + " " + names[at] + (count == 1 ? "" : "s");
        return past ? text + " ago" : "in " + text;
    }
    public static String formatDateTime(Context context, long millis, int flags) {
        java.util.Date at = new java.util.Date(millis);
        String date = (flags & FORMAT_SHOW_DATE) != 0 || (flags & FORMAT_SHOW_TIME) == 0 ? DateFormat.getLongDateFormat(context).format(at) : "";
        String time = (flags & FORMAT_SHOW_TIME) != 0 ? DateFormat.getTimeFormat(context).format(at) : "";
        return (date + " " + time).trim();
    }
}
