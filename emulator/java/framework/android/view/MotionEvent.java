package android.view;

/** One finger, without a history. */
public final class MotionEvent extends InputEvent {
    public static final int ACTION_DOWN = 0;
    public static final int ACTION_UP = 1;
    public static final int ACTION_MOVE = 2;
    public static final int ACTION_CANCEL = 3;
    private final long mDown;
    private final long mTime;
    private final int mMeta;
    private int mAction;
    private float mX;
    private float mY;
    private int mSource = 4098;
    /** The stand-in's own: what lies under the finger takes the touch; null = found by the views. */
    public java.util.function.BooleanSupplier standinTarget;

    private MotionEvent(long down, long time, int action, float x, float y, int meta) {
        mDown = down;
        mTime = time;
        mAction = action;
        mX = x;
        mY = y;
        mMeta = meta;
    }

    public static final class PointerCoords {
        public float x;
        public float y;
        public float pressure;
        public float size;
    }

    public static final class PointerProperties {
        public int id;
        public int toolType;
    }

    public static MotionEvent obtain(long downTime, long eventTime, int action, float x, float y, int metaState) {
        return new MotionEvent(downTime, eventTime, action, x, y, metaState);
    }

    public static MotionEvent obtain(long downTime, long eventTime, int action, float x, float y, float pressure, float size, int metaState,
            float xPrecision, float yPrecision, int deviceId, int edgeFlags) {
        return new MotionEvent(downTime, eventTime, action, x, y, metaState);
    }

    public static MotionEvent obtain(MotionEvent other) { return new MotionEvent(other.mDown, other.mTime, other.mAction, other.mX, other.mY, other.mMeta); }
    public static MotionEvent obtainNoHistory(MotionEvent other) { return obtain(other); }
    public static String actionToString(int action) {
        String[] names = {"DOWN", "UP", "MOVE", "CANCEL", "OUTSIDE"};
        return action >= 0 && action < names.length ? "ACTION_" + names[action] : Integer.toString(action);
    }
    public int getAction() { return mAction; }
    public int getActionMasked() { return mAction & 255; }
    public int getActionIndex() { return mAction >> 8 & 255; }
    public void setAction(int action) { mAction = action; }
    public float getX() { return mX; }
    public float getY() { return mY; }
    public float getX(int pointer) { return mX; }
    public float getY(int pointer) { return mY; }
    public float getRawX() { return mX; }
    public float getRawY() { return mY; }
    public float getRawX(int pointer) { return mX; }
    public float getRawY(int pointer) { return mY; }
    public float getPressure() { return 1f; }
    public float getPressure(int pointer) { return 1f; }
    public float getSize() { return 0.1f; }
    public float getSize(int pointer) { return 0.1f; }
    public float getTouchMajor() { return 10f; }
    public float getTouchMinor() { return 10f; }
    public float getOrientation() { return 0f; }
    public float getXPrecision() { return 1f; }
    public float getYPrecision() { return 1f; }
    public float getAxisValue(int axis) { return axis == AXIS_X ? mX : axis == AXIS_Y ? mY : 0f; }
    public int getPointerCount() { return 1; }
    public int getPointerId(int pointer) { return 0; }
    public int findPointerIndex(int id) { return id == 0 ? 0 : -1; }
    public int getToolType(int pointer) { return TOOL_TYPE_FINGER; }
    public void getPointerCoords(int pointer, PointerCoords out) {
        out.x = mX;
        out.y = mY;
        out.pressure = 1f;
    }
    public void getPointerProperties(int pointer, PointerProperties out) { out.toolType = TOOL_TYPE_FINGER; }
    public int getHistorySize() { return 0; }
    public float getHistoricalX(int pos) { throw new IllegalArgumentException("historyPos out of range"); }
    public float getHistoricalY(int pos) { return getHistoricalX(pos); }
    public float getHistoricalX(int pointer, int pos) { return getHistoricalX(pos); }
    public float getHistoricalY(int pointer, int pos) { return getHistoricalX(pos); }
    public long getHistoricalEventTime(int pos) { return (long) getHistoricalX(pos); }
    public long getDownTime() { return mDown; }
    public long getEventTime() { return mTime; }
    public int getMetaState() { return mMeta; }
    public int getButtonState() { return 0; }
    public boolean isButtonPressed(int button) { return false; }
    public int getFlags() { return 0; }
    public int getEdgeFlags() { return 0; }
    public void setEdgeFlags(int flags) {}
    public int getSource() { return mSource; }
    public void setSource(int source) { mSource = source; }
    public int getDeviceId() { return 1; }
    public void setLocation(float x, float y) {
        mX = x;
        mY = y;
    }
    public void offsetLocation(float dx, float dy) { setLocation(mX + dx, mY + dy); }
    public void recycle() {}
}
