package android.app;

public class UiModeManager {
    public static final int MODE_NIGHT_AUTO = 0;
    public static final int MODE_NIGHT_NO = 1;
    public static final int MODE_NIGHT_YES = 2;
    public static final int MODE_NIGHT_CUSTOM = 3;
    public static final String ACTION_ENTER_CAR_MODE = "android.app.action.ENTER_CAR_MODE";
    private int night = MODE_NIGHT_NO;

    public int getCurrentModeType() { return 1; }
    public int getNightMode() { return night; }
    public void setNightMode(int mode) { night = mode; }
    public void setApplicationNightMode(int mode) { night = mode; }
    public void enableCarMode(int flags) {}
    public void disableCarMode(int flags) {}
    public float getContrast() { return 0f; }
}
