package com.example.mall;

import android.app.Activity;
import android.widget.EditText;

/**
 * A room of the maze: two doors lead on, one leads back. Some doors are pictures, some lie below the fold, some open
 * only with a word, and some rooms read something.
 */
abstract class Room extends Screen {
    static final int ROOMS = 60;

    int number() {
        return Integer.parseInt(getClass().getSimpleName().substring(1));
    }

    @Override
    String name() {
        return "room " + number();
    }

    @Override
    void fill() {
        int here = number();
        page.text("第 " + here + " 厅");
        EditText word = here % 10 == 0 ? page.field("口令", 0) : null;
        door("东门", 2 * here, word);
        if (here % 6 == 0) {
            for (int line = 1; line < 40; line++) {
                page.text("展品说明");
            }
        }
        door("西门", 2 * here + 1, word);
        if (here % 5 == 0) {
            door("暗道", here / 3, null);
        }
        page.button("返回", this::finish);
        if (here % 8 == 7) {
            Reads.run(this, here / 8 + 1);
        }
    }

    private void door(String words, int to, EditText word) {
        if (to < 1 || to > ROOMS) {
            return;
        }
        Runnable go = () -> {
            if (word == null || word.getText().length() > 0) {
                open(room(to), "");
            }
        };
        if (to % 4 == 0) {
            page.icon(words, 0, go);
        } else {
            page.button(words, go);
        }
    }

    private static Class<? extends Activity> room(int number) {
        try {
            return Class.forName(String.format("%s$R%02d", Rooms.class.getName(), number)).asSubclass(Activity.class);
        } catch (ClassNotFoundException none) {
            throw new IllegalStateException(none);
        }
    }
}
