package org.example.breadth;

import android.app.Activity;
import android.view.MenuItem;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.PopupMenu;
import android.widget.TextView;

/** Menus at a view; those of the activity are in Main. */
final class Menus {
    Menus(Activity activity, LinearLayout root) {
        Button button = new Button(activity);
        button.setText("more");
        button.setOnClickListener(v -> {
            PopupMenu menu = new PopupMenu(activity, v);
            menu.getMenu().add("edit");
            MenuItem delete = menu.getMenu().add(1, 9, 0, "delete");
            delete.setOnMenuItemClickListener(item -> {
                Main.say("deleted");
                return true;
            });
            menu.setOnMenuItemClickListener(item -> {
                Main.say("menu " + item.getTitle());
                return true;
            });
            menu.setOnDismissListener(m -> Main.say("menu gone"));
            menu.show();
            Main.say("delete " + (menu.getMenu().findItem(9) == delete) + " " + menu.getMenu().size());
        });
        root.addView(button);
        TextView file = new TextView(activity);
        file.setText("file");
        activity.registerForContextMenu(file);
        root.addView(file);
    }
}
