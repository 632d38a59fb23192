package com.example.mall;

import android.app.Activity;
import android.view.View;
import android.widget.Button;
import android.widget.CompoundButton;
import android.widget.EditText;
import android.widget.ImageView;
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

    TextView text(String words) {
        TextView view = new TextView(activity);
        view.setText(words);
        root.addView(view);
        return view;
    }

    Button button(String words, Runnable then) {
        Button view = new Button(activity);
        view.setText(words);
        view.setOnClickListener(clicked -> then.run());
        root.addView(view);
        return view;
    }

    /** A picture without words: with a description, a resource ID, or neither (0). */
    ImageView icon(String description, int id, Runnable then) {
        ImageView view = new ImageView(activity);
        if (!description.isEmpty()) {
            view.setContentDescription(description);
        }
        if (id != 0) {
            view.setId(id);
        }
        view.setOnClickListener((View clicked) -> then.run());
        root.addView(view, new LinearLayout.LayoutParams(160, 140));
        return view;
    }

    EditText field(String hint, int id) {
        EditText view = new EditText(activity);
        view.setHint(hint);
        if (id != 0) {
            view.setId(id);
        }
        root.addView(view);
        return view;
    }

    Switch toggle(String words, boolean on, CompoundButton.OnCheckedChangeListener then) {
        Switch view = new Switch(activity);
        view.setText(words);
        view.setChecked(on);
        view.setOnCheckedChangeListener(then);
        root.addView(view);
        return view;
    }
}
