package android.app;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import android.os.SystemClock;
import java.util.Map;
import standin.Device;

/** Alarms are kept by the device: they start the process again if it has gone. */
public class AlarmManager {
    public static final int RTC_WAKEUP = 0;
    public static final int RTC = 1;
    public static final int ELAPSED_REALTIME_WAKEUP = 2;
    public static final int ELAPSED_REALTIME = 3;
    public static final long INTERVAL_FIFTEEN_MINUTES = 900_000;
    public static final long INTERVAL_HOUR = 3_600_000;
    public static final long INTERVAL_DAY = 86_400_000;

    public interface OnAlarmListener { void onAlarm(); }

    AlarmManager(Context context) {}

    public void set(int type, long at, PendingIntent operation) { setImpl(type, at, 0, operation); }
    public void set(int type, long at, String tag, OnAlarmListener listener, Handler target) {
        (target == null ? new Handler(Looper.getMainLooper()) : target).postDelayed(listener::onAlarm, delay(type, at));
    }
    public void setExact(int type, long at, PendingIntent operation) { setImpl(type, at, 0, operation); }
    public void setAndAllowWhileIdle(int type, long at, PendingIntent operation) { setImpl(type, at, 0, operation); }
    public void setExactAndAllowWhileIdle(int type, long at, PendingIntent operation) { setImpl(type, at, 0, operation); }
    public void setWindow(int type, long at, long window, PendingIntent operation) { setImpl(type, at, 0, operation); }
    public void setRepeating(int type, long at, long interval, PendingIntent operation) { setImpl(type, at, interval, operation); }
    public void setInexactRepeating(int type, long at, long interval, PendingIntent operation) { setImpl(type, at, interval, operation); }
    public boolean canScheduleExactAlarms() { return Device.hasPermission("android.permission.SCHEDULE_EXACT_ALARM"); }
    public void cancel(PendingIntent operation) { Device.call("alarm.cancel", Map.of("key", operation.standinWrite().get("key"))); }

    private static long delay(int type, long at) {
        return Math.max(0, at - (type >= ELAPSED_REALTIME_WAKEUP ? SystemClock.elapsedRealtime() : System.currentTimeMillis()));
    }

    private void setImpl(int type, long at, long interval, PendingIntent operation) {
        Map<String, Object> a = operation.standinWrite();
        a.put("delay_ms", delay(type, at));
        a.put("interval_ms", interval);
        Device.call("alarm.set", a);
    }
    public static final class AlarmClockInfo {
        private final long at;
        private final PendingIntent show;

        public AlarmClockInfo(long triggerTime, PendingIntent showIntent) {
            at = triggerTime;
            show = showIntent;
        }

        public long getTriggerTime() { return at; }
        public PendingIntent getShowIntent() { return show; }
    }

    public void setAlarmClock(AlarmClockInfo info, PendingIntent operation) { setExact(RTC_WAKEUP, info.getTriggerTime(), operation); }
    public AlarmClockInfo getNextAlarmClock() { return null; }
}
