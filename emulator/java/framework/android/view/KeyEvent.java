package android.view;

public class KeyEvent extends InputEvent {
    public static final int ACTION_DOWN = 0;
    public static final int ACTION_UP = 1;
    public static final int KEYCODE_HOME = 3;
    public static final int KEYCODE_BACK = 4;
    public static final int KEYCODE_ENTER = 66;
    public static final int KEYCODE_DEL = 67;
    public static final int KEYCODE_MENU = 82;
    private final int mAction;
    private final int mCode;

    public KeyEvent(int action, int code) {
        mAction = action;
        mCode = code;
    }

    public final int getAction() { return mAction; }
    public final int getKeyCode() { return mCode; }
    public final int getRepeatCount() { return 0; }
    public final int getMetaState() { return 0; }
    public final boolean isLongPress() { return false; }
    public final boolean isCanceled() { return false; }
    public final void startTracking() {}
    public final boolean isTracking() { return mAction == ACTION_UP; }
    public static String keyCodeToString(int keyCode) { return standin.Names.constant(KeyEvent.class, "KEYCODE_", keyCode); }
    public static int keyCodeFromString(String name) { return standin.Names.constant(KeyEvent.class, name.startsWith("KEYCODE_") ? name : "KEYCODE_" + name); }
    @Override public final long getEventTime() { return android.os.SystemClock.uptimeMillis(); }
}
