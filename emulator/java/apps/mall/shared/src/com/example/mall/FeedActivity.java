package com.example.mall;

import android.os.Handler;
import android.os.Looper;

/** A list that never ends: it grows while somebody looks at it. */
public final class FeedActivity extends Screen {
    private static final String[] WORDS = {"春", "夏", "秋", "冬", "山", "水", "云", "月", "花", "鸟"};
    private final Handler later = new Handler(Looper.getMainLooper());
    private int items;

    @Override
    String name() {
        return "feed";
    }

    @Override
    void fill() {
        page.text("动态");
        for (int i = 0; i < 12; i++) {
            item();
        }
    }

    private void item() {
        String title = WORDS[items % 10] + WORDS[items / 10 % 10] + WORDS[items * 7 % 10] + "的分享";
        items++;
        page.button(title, () -> open(DetailActivity.class, title));
    }

    private void more() {
        item();
        later.postDelayed(this::more, 1500);
    }

    @Override
    protected void onResume() {
        super.onResume();
        later.postDelayed(this::more, 1500);
    }

    @Override
    protected void onPause() {
        super.onPause();
        later.removeCallbacksAndMessages(null);
    }
}
