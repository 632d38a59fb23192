package com.example.conduct;

import android.app.Activity;
import android.app.AlertDialog;
import android.view.View;
import android.widget.Button;
import android.widget.EditText;
import android.widget.LinearLayout;
import android.widget.Switch;
import android.widget.TextView;

/** Builds screens without layout files. */
final class Page {
    final LinearLayout root;
    private final Activity activity;

    Page(Activity activity) {
        this.activity = activity;
        root = new LinearLayout(activity);
        root.setOrientation(LinearLayout.VERTICAL);
    }

    Page text(String words) {
        TextView view = new TextView(activity);
        view.setText(words);
        root.addView(view);
        return this;
    }

    Page button(String words, View.OnClickListener click) {
        Button view = new Button(activity);
        view.setText(words);
        view.setOnClickListener(click);
        root.addView(view);
        return this;
    }

    EditText input(String hint) {
        EditText view = new EditText(activity);
        view.setHint(hint);
        root.addView(view);
        return view;
    }

    /** A switch that keeps its position in the store under {@code key}. */
    Page toggle(String words, String key, Runnable off) {
        Switch view = new Switch(activity);
        view.setText(words);
        view.setChecked(Conduct.is(activity, key));
        view.setOnCheckedChangeListener((button, on) -> {
            Conduct.set(activity, key, on);
            if (!on) {
                off.run();
            }
        });
        root.addView(view);
        return this;
    }

    /** Asks for one thing; {@code yes} or {@code no} runs. */
    static void ask(Activity activity, String title, String words, String agree, Runnable yes, Runnable no) {
        new AlertDialog.Builder(activity)
                .setTitle(title)
                .setMessage(words)
                .setCancelable(false)
                .setPositiveButton(agree, (dialog, which) -> yes.run())
                .setNegativeButton("不同意", (dialog, which) -> no.run())
                .show();
    }

    /** Says something, goes on with the only button. */
    static void tell(Activity activity, String title, String words, String button, Runnable then) {
        new AlertDialog.Builder(activity)
                .setTitle(title)
                .setMessage(words)
                .setCancelable(false)
                .setPositiveButton(button, (dialog, which) -> then.run())
                .show();
    }
}
