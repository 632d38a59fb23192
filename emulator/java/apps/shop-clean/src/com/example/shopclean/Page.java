package com.example.shopclean;

import android.app.Activity;
import android.content.Intent;
import android.text.SpannableString;
import android.text.Spanned;
import android.text.method.LinkMovementMethod;
import android.text.style.URLSpan;
import android.view.View;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;

/** Builds screens without layout files. */
final class Page {
    static final String POLICY = "https://www.shop.example.cn/clean/privacy.html";
    static final String TERMS = "https://www.shop.example.cn/clean/terms.html";
    private final Activity activity;
    final LinearLayout root;

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

    Button button(String words, View.OnClickListener click) {
        Button view = new Button(activity);
        view.setText(words);
        view.setOnClickListener(click);
        root.addView(view);
        return view;
    }

    /** A line that leads to a document. */
    void link(String words, String address) {
        TextView view = new TextView(activity);
        SpannableString text = new SpannableString(words);
        text.setSpan(new URLSpan(address), 0, words.length(), Spanned.SPAN_EXCLUSIVE_EXCLUSIVE);
        view.setText(text);
        view.setMovementMethod(LinkMovementMethod.getInstance());
        view.setOnClickListener(clicked -> PolicyActivity.open(activity, words, address));
        root.addView(view);
    }

    void open(Class<? extends Activity> page) {
        activity.startActivity(new Intent(activity, page));
    }
}
