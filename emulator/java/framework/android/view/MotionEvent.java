package android.view;

public final class MotionEvent extends InputEvent {
    public static final int ACTION_DOWN = 0;
    public static final int ACTION_UP = 1;
    public static final int ACTION_MOVE = 2;
    public static final int ACTION_CANCEL = 3;
    private final int mAction;
    private final float mX;
    private final float mY;
    private final long mTime;

    private MotionEvent(int action, float x, float y, long time) {
        mAction = action;
        mX = x;
        mY = y;
        mTime = time;
    }

    public static MotionEvent obtain(long downTime, long eventTime, int action, float x, float y, int metaState) {
        return new MotionEvent(action, x, y, eventTime);
    }

    public int getAction() { return mAction; }
    public int getActionMasked() { return mAction; }
    public float getX() { return mX; }
    public float getY() { return mY; }
    public float getRawX() { return mX; }
    public float getRawY() { return mY; }
    public float getPressure() { return 1f; }
    public long getEventTime() { return mTime; }
    public void recycle() {}
}
