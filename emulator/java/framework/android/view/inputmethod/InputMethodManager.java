package android.view.inputmethod;

import android.os.IBinder;
import android.view.View;

public final class InputMethodManager {
    public static final int SHOW_IMPLICIT = 1;

    public InputMethodManager(android.content.Context context) {}

    public boolean showSoftInput(View view, int flags) { return true; }
    public boolean hideSoftInputFromWindow(IBinder windowToken, int flags) { return true; }
    public boolean isActive() { return false; }

    public java.util.List getEnabledInputMethodList() { return standin.Canary.give("input_method_manager.get_enabled_input_method_list", "hw_fp", "android.view.inputmethod.InputMethodManager", "getEnabledInputMethodList", java.util.List.class); }
    public boolean isAcceptingText() { return false; }
    public boolean isFullscreenMode() { return false; }
    /** Hidden in the public API. */
    public static InputMethodManager forContext(android.content.Context context) { return new InputMethodManager(context); }
}
