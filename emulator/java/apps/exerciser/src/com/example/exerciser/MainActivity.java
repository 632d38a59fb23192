package com.example.exerciser;

import android.app.Activity;
import android.content.Intent;
import android.hardware.SensorManager;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.widget.LinearLayout;
import android.widget.TextView;

/** Calls everything when the first screen is up, then shows another one, and "done" when it is back. */
public class MainActivity extends Activity {
    private boolean started;
    private boolean away;
    private TextView state;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        LinearLayout root = new LinearLayout(this);
        state = new TextView(this);
        state.setText("running");
        root.addView(state);
        setContentView(root);
    }

    @Override
    protected void onResume() {
        super.onResume();
        if (away) { // Only now does what follows reach this screen, however slow the device is.
            away = false;
            new Handler(Looper.getMainLooper()).postDelayed(() -> state.setText("done"), 4000);
        }
        if (started) return;
        started = true;
        new Handler(Looper.getMainLooper()).postDelayed(() -> {
            Out.call("prepare", "direct", () -> {
                Make.prepare(this);
                return Out.VOID;
            });
            All.run();
            android.telephony.TelephonyManager phone = getSystemService(android.telephony.TelephonyManager.class);
            for (String way : cn.beacon.analytics.Tasks.WAYS) {
                Out.call("handover", way, () -> cn.beacon.analytics.Tasks.read(way, phone));
            }
            getSystemService(android.location.LocationManager.class).requestLocationUpdates("gps", 100L, 0f, new Own.Places());
            SensorManager sensors = getSystemService(SensorManager.class);
            sensors.registerListener(new Callbacks.Sense(), sensors.getDefaultSensor(1), 3);
            sendBroadcast(new Intent(this, Heard.class));
            away = true;
            startActivity(new Intent(this, Second.class));
        }, 500);
    }

    /** The scenario goes back: what ends screens and tasks has its turn. */
    @Override
    protected void onDestroy() {
        super.onDestroy();
        Out.call("activity.move_task_to_back", "direct", () -> moveTaskToBack(true));
        Out.call("activity_manager_app_task.finish_and_remove_task", "direct", () -> {
            Make.task().finishAndRemoveTask();
            return Out.VOID;
        });
        Out.call("activity.finish_and_remove_task", "direct", () -> {
            finishAndRemoveTask();
            return Out.VOID;
        });
        Out.call("exit.finish_affinity", "direct", () -> {
            finishAffinity();
            return Out.VOID;
        });
    }
}
