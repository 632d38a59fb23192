package android.view;

import android.content.Context;

public class ViewConfiguration {
    private final float mDensity;

    private ViewConfiguration(Context context) { mDensity = Display.standinMetrics().density; }
    public static ViewConfiguration get(Context context) { return new ViewConfiguration(context); }
    public int getScaledTouchSlop() { return (int) (8 * mDensity + 0.5f); }
    public int getScaledPagingTouchSlop() { return 2 * getScaledTouchSlop(); }
    public int getScaledDoubleTapSlop() { return (int) (100 * mDensity + 0.5f); }
    public int getScaledMinimumFlingVelocity() { return (int) (50 * mDensity + 0.5f); }
    public int getScaledMaximumFlingVelocity() { return (int) (8000 * mDensity + 0.5f); }
    public boolean hasPermanentMenuKey() { return false; }
    public static int getTapTimeout() { return 100; }
    public static int getLongPressTimeout() { return 400; }
    public static int getDoubleTapTimeout() { return 300; }
    public static int getJumpTapTimeout() { return 500; }
    public static int getPressedStateDuration() { return 64; }
}
