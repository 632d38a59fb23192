package org.example.breadth;

import android.app.Activity;
import android.os.Bundle;
import android.util.Log;
import android.view.ContextMenu;
import android.view.KeyEvent;
import android.view.Menu;
import android.view.MenuItem;
import android.view.SubMenu;
import android.view.View;
import android.widget.LinearLayout;

public final class Main extends Activity {
    static void say(String line) { Log.i("breadth", line); }

    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        LinearLayout root = new LinearLayout(this);
        root.setOrientation(LinearLayout.VERTICAL);
        new Lists(this, root);
        new Fields(this, root);
        new Menus(this, root);
        new Parts(this, root);
        setContentView(root);
        Values.all(this);
        Stores.all(this);
        Written.all(this, root);
        Times.all(this, root);
        invalidateOptionsMenu();
        invalidateOptionsMenu(); // the second shows the same items again
        Called.all(this);
        try {
            Extra.all(this, root);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override public boolean onCreateOptionsMenu(Menu menu) {
        menu.add(0, 1, 0, "share").setShowAsAction(MenuItem.SHOW_AS_ACTION_ALWAYS);
        menu.add(0, 2, 2, "settings");
        menu.add(0, 3, 1, "hidden").setVisible(false);
        menu.add(0, 9, 3, "own").setActionView(new View(this)).setShowAsAction(MenuItem.SHOW_AS_ACTION_ALWAYS);
        SubMenu more = menu.addSubMenu("sorting");
        more.add(0, 4, 0, "by date");
        return true;
    }

    @Override public boolean onOptionsItemSelected(MenuItem item) {
        if (item.hasSubMenu()) return false;
        say("option " + item.getItemId() + " " + item.getTitle());
        return true;
    }

    @Override public void onCreateContextMenu(ContextMenu menu, View view, ContextMenu.ContextMenuInfo about) {
        menu.setHeaderTitle("about");
        menu.add(0, 6, 0, "rename").setEnabled(about == null);
    }

    @Override public boolean onContextItemSelected(MenuItem item) {
        say("context " + item.getItemId());
        return true;
    }

    @Override public boolean onKeyDown(int code, KeyEvent event) {
        say("key " + KeyEvent.keyCodeToString(code));
        return code == KeyEvent.KEYCODE_BACK || super.onKeyDown(code, event);
    }

    @Override public boolean onKeyUp(int code, KeyEvent event) {
        return code == KeyEvent.KEYCODE_BACK || super.onKeyUp(code, event); // stays, as apps do that ask for a second press
    }
}
