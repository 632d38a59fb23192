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
    public static final WindowInsets CONSUMED = new WindowInsets();

    public static final class Type {
        private Type() {}

        public static int statusBars() { return 1; }
        public static int navigationBars() { return 2; }
        public static int captionBar() { return 4; }
        public static int ime() { return 8; }
        public static int systemGestures() { return 16; }
        public static int mandatorySystemGestures() { return 32; }
        public static int tappableElement() { return 64; }
        public static int displayCutout() { return 128; }
        public static int systemBars() { return 7; }
    }

    public android.graphics.Insets getInsets(int types) { return android.graphics.Insets.NONE; }
    public android.graphics.Insets getInsetsIgnoringVisibility(int types) { return android.graphics.Insets.NONE; }
    public android.graphics.Insets getSystemWindowInsets() { return android.graphics.Insets.NONE; }
    public android.graphics.Insets getSystemGestureInsets() { return android.graphics.Insets.NONE; }
    public android.graphics.Insets getStableInsets() { return android.graphics.Insets.NONE; }
    public boolean isVisible(int types) { return (types & Type.ime()) == 0; }
    public boolean isRound() { return false; }
    public boolean hasInsets() { return false; }
    public boolean hasStableInsets() { return false; }
    public int getStableInsetTop() { return 0; }
    public int getStableInsetBottom() { return 0; }
    public int getStableInsetLeft() { return 0; }
    public int getStableInsetRight() { return 0; }
    public DisplayCutout getDisplayCutout() { return null; }
    public WindowInsets consumeDisplayCutout() { return this; }
    public WindowInsets consumeStableInsets() { return this; }
    public WindowInsets replaceSystemWindowInsets(int l, int t, int r, int b) { return this; }
    public WindowInsets inset(int l, int t, int r, int b) { return this; }
}
