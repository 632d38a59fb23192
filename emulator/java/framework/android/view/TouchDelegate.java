package android.view;

public class TouchDelegate {
    public static final int ABOVE = 1;
    public static final int BELOW = 2;

    public TouchDelegate(android.graphics.Rect bounds, View delegateView) {}

    public boolean onTouchEvent(MotionEvent event) { return false; }
}
