package com.example.mall;

import android.view.View;
import android.widget.LinearLayout;

/** Drawn by the app itself: nothing says what is on it. */
public final class GameActivity extends Screen {
    @Override
    String name() {
        return "game";
    }

    @Override
    void fill() {
        View board = new View(this);
        page.root.addView(board, new LinearLayout.LayoutParams(1080, 1900));
    }
}
