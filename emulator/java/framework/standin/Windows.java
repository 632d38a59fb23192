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

    public static final int[] ACTIONS = {KeyEvent.ACTION_DOWN, KeyEvent.ACTION_UP};

    private Windows() {}

    public static synchronized void dialog(View decor, Dialog dialog) {
        OWNERS.put(decor, dialog);
    }

    public static synchronized void popup(View decor, PopupWindow popup) {
        OWNERS.put(decor, popup);
    }

    /** A key goes down and up again. True if the window took it. */
    public static boolean key(View decor, int code) {
        Object owner;
        synchronized (Windows.class) {
            owner = OWNERS.get(decor);
        }
        if (owner instanceof Dialog) {
            for (int action : ACTIONS) ((Dialog) owner).dispatchKeyEvent(new KeyEvent(action, code));
            return true;
        }
        if (owner instanceof PopupWindow) {
            boolean back = code == KeyEvent.KEYCODE_BACK && ((PopupWindow) owner).isFocusable();
            if (back) ((PopupWindow) owner).dismiss();
            return back;
        }
        return false;
    }
}
