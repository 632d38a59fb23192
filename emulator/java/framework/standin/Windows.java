package standin;

import android.app.Dialog;
import android.view.KeyEvent;
import android.view.View;
import android.widget.PopupWindow;
import java.util.Map;
import java.util.WeakHashMap;

/** Who owns a window that is not an activity's: for the back key. */
public final class Windows {
    private static final Map<View, Object> OWNERS = new WeakHashMap<>();

    private Windows() {}

    public static synchronized void dialog(View decor, Dialog dialog) {
        OWNERS.put(decor, dialog);
    }

    public static synchronized void popup(View decor, PopupWindow popup) {
        OWNERS.put(decor, popup);
    }

    /** True if the window took the key. */
    public static boolean back(View decor) {
        Object owner;
        synchronized (Windows.class) {
            owner = OWNERS.get(decor);
        }
        if (owner instanceof Dialog) {
            Dialog dialog = (Dialog) owner;
            if (!dialog.standinKey(KeyEvent.KEYCODE_BACK)) dialog.onBackPressed();
            return true;
        }
        if (owner instanceof PopupWindow) {
            if (((PopupWindow) owner).isFocusable()) {
                ((PopupWindow) owner).dismiss();
                return true;
            }
        }
        return false;
    }
}
