package com.example.conduct;

import android.app.AlarmManager;
import android.app.PendingIntent;
import android.content.ActivityNotFoundException;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;

/** Starts: of the app itself, and of others. */
final class Starting implements Behaviour {
    @Override
    public void violate(MainActivity at, String rule) {
        if (rule.equals("LIF-02")) {
            Later.after(4.5, () -> service(at));
            Later.after(5, () -> screen(at));
            Later.after(5.5, () -> message(at));
        }
    }

    @Override
    public void comply(MainActivity at, String rule) {
        if (rule.equals("LIF-02")) {
            service(at);
            screen(at);
            message(at);
        }
    }

    /** Comes back by itself in eight seconds. */
    static void wakeUp(Context context) {
        AlarmManager alarms = (AlarmManager) context.getSystemService(Context.ALARM_SERVICE);
        PendingIntent wake = PendingIntent.getBroadcast(context, 1, new Intent(context, WakeReceiver.class),
                PendingIntent.FLAG_IMMUTABLE);
        alarms.set(AlarmManager.RTC_WAKEUP, System.currentTimeMillis() + 8000, wake);
    }

    private static Intent partner(String part) {
        return new Intent("com.example.partner.WAKE")
                .setComponent(new ComponentName("com.example.partner", "com.example.partner." + part));
    }

    private static void service(Context context) {
        context.startService(partner("WakeService"));
    }

    private static void message(Context context) {
        context.sendBroadcast(partner("WakeReceiver"));
    }

    private static void screen(Context context) {
        try {
            context.startActivity(partner("MainActivity"));
        } catch (ActivityNotFoundException absent) {
            // the partner is not on this device
        }
    }
}
