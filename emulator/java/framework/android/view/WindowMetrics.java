package android.view;

public final class WindowMetrics {
    private final android.graphics.Rect bounds;

    public WindowMetrics(android.graphics.Rect bounds, WindowInsets insets) { this.bounds = bounds; }

    public android.graphics.Rect getBounds() { return new android.graphics.Rect(bounds); }
    public WindowInsets getWindowInsets() { return new WindowInsets(); }
    public float getDensity() { return Display.standinMetrics().density; }
}
