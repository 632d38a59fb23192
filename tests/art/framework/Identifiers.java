package com.example.app;

import android.app.Activity;
import android.os.Bundle;
import android.util.Log;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;

/** Reads twenty identifiers once when its button is tapped, on a thread of its own; then one again, and one through a class of its own. */
public final class Identifiers extends Activity {
    private static final String[] NAMES = {
        "android_id", "device_name", "line1", "sim_operator", "network_operator", "voice_mail", "software_version",
        "cells", "cell_location", "clip", "location", "packages", "applications", "launchers", "accounts",
        "subscriptions", "contacts", "imei", "subscriber_id", "serial",
        "android_id", "inherited",
    };

    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        LinearLayout root = new LinearLayout(this);
        Button button = new Button(this);
        button.setText("Read");
        TextView told = new TextView(this);
        told.setText("waiting");
        button.setOnClickListener(view -> new Thread(() -> {
            for (String name : NAMES) Log.i("identifiers", name + " " + one(name));
            runOnUiThread(() -> told.setText("all read"));
        }, "reader").start());
        root.addView(button);
        root.addView(told);
        setContentView(root);
    }

    private String one(String name) {
        try {
            return String.valueOf(Reads.read(this, name));
        } catch (SecurityException refused) {
            return "refused";
        }
    }
}
