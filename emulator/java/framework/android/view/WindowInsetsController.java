package android.view;

public interface WindowInsetsController {
    int APPEARANCE_LIGHT_STATUS_BARS = 8;
    int APPEARANCE_LIGHT_NAVIGATION_BARS = 16;
    int BEHAVIOR_DEFAULT = 1;
    int BEHAVIOR_SHOW_BARS_BY_SWIPE = 1;
    int BEHAVIOR_SHOW_TRANSIENT_BARS_BY_SWIPE = 2;

    default void show(int types) {}

    default void hide(int types) {}

    default void setSystemBarsAppearance(int appearance, int mask) {}

    default int getSystemBarsAppearance() { return 0; }

    default void setSystemBarsBehavior(int behavior) {}

    default int getSystemBarsBehavior() { return BEHAVIOR_DEFAULT; }
}
