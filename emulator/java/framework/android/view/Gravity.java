package android.view;

public class Gravity {
    public static final int NO_GRAVITY = 0;
    public static final int TOP = 48;
    public static final int BOTTOM = 80;
    public static final int LEFT = 3;
    public static final int RIGHT = 5;
    public static final int START = 8388611;
    public static final int END = 8388613;
    public static final int CENTER_VERTICAL = 16;
    public static final int CENTER_HORIZONTAL = 1;
    public static final int CENTER = 17;
}
