package android.view;

/** None: the device keeps its bars out of an app's windows. */
public final class WindowInsets {
    public int getSystemWindowInsetLeft() { return 0; }
    public int getSystemWindowInsetTop() { return 0; }
    public int getSystemWindowInsetRight() { return 0; }
    public int getSystemWindowInsetBottom() { return 0; }
    public boolean hasSystemWindowInsets() { return false; }
    public boolean isConsumed() { return false; }
    public WindowInsets consumeSystemWindowInsets() { return this; }
}
