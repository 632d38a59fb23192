package com.example.mall;

import android.app.Activity;
import android.content.Intent;
import android.widget.ScrollView;

/** A page that scrolls and tells when it is seen. */
abstract class Screen extends Activity {
    Page page;

    /** Its name among all places. */
    abstract String name();

    abstract void fill();

    @Override
    protected void onCreate(android.os.Bundle state) {
        super.onCreate(state);
        page = new Page(this);
        fill();
        ScrollView scroll = new ScrollView(this);
        scroll.addView(page.root);
        setContentView(scroll);
    }

    @Override
    protected void onResume() {
        super.onResume();
        Deeds.place(name());
    }

    void open(Class<? extends Activity> there, String what) {
        startActivity(new Intent(this, there).putExtra("what", what));
    }

    String what() {
        String given = getIntent().getStringExtra("what");
        return given == null ? "" : given;
    }
}
