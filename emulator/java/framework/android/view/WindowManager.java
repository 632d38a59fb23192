package android.view;

import android.os.IBinder;

public interface WindowManager extends ViewManager {
    int SCREEN_RECORDING_STATE_NOT_VISIBLE = 0;

    int addScreenRecordingCallback(java.util.concurrent.Executor executor, java.util.function.Consumer<Integer> callback);
    void removeScreenRecordingCallback(java.util.function.Consumer<Integer> callback);
    Display getDefaultDisplay();

    void removeViewImmediate(View view);

    default WindowMetrics getCurrentWindowMetrics() {
        android.util.DisplayMetrics m = Display.standinMetrics();
        return new WindowMetrics(new android.graphics.Rect(0, 0, m.widthPixels, m.heightPixels), new WindowInsets());
    }

    default WindowMetrics getMaximumWindowMetrics() { return getCurrentWindowMetrics(); }

    default boolean isCrossWindowBlurEnabled() { return false; }

    class BadTokenException extends RuntimeException {
        public BadTokenException() {}

        public BadTokenException(String name) {
            super(name);
        }
    }

    class LayoutParams extends ViewGroup.LayoutParams {
        public static final int FIRST_APPLICATION_WINDOW = 1;
        public static final int TYPE_BASE_APPLICATION = 1;
        public static final int TYPE_APPLICATION = 2;
        public static final int TYPE_APPLICATION_STARTING = 3;
        public static final int TYPE_APPLICATION_PANEL = 1000;
        public static final int TYPE_TOAST = 2005;
        public static final int TYPE_PHONE = 2002;
        public static final int TYPE_SYSTEM_ALERT = 2003;
        public static final int TYPE_APPLICATION_OVERLAY = 2038;
        public static final int FLAG_NOT_FOCUSABLE = 0x8;
        public static final int FLAG_NOT_TOUCH_MODAL = 0x20;
        public static final int FLAG_DIM_BEHIND = 0x2;
        public static final int FLAG_KEEP_SCREEN_ON = 0x80;
        public static final int FLAG_FULLSCREEN = 0x400;
        public static final int FLAG_SECURE = 0x2000;
        public int type = TYPE_APPLICATION;
        public int flags;
        public int format;
        public int gravity;
        public int x;
        public int y;
        public float alpha = 1f;
        public float dimAmount = 1f;
        public int softInputMode;
        public String packageName;
        public IBinder token;
        private CharSequence mTitle = "";

        public LayoutParams() { super(MATCH_PARENT, MATCH_PARENT); }
        public LayoutParams(int type) { this(); this.type = type; }
        public LayoutParams(int w, int h) { super(w, h); }
        public LayoutParams(int w, int h, int type, int flags, int format) {
            super(w, h);
            this.type = type;
            this.flags = flags;
            this.format = format;
        }
        public float horizontalMargin;
        public float verticalMargin;
        public float horizontalWeight;
        public float verticalWeight;
        public float screenBrightness = -1f;
        public float buttonBrightness = -1f;
        public float preferredRefreshRate;
        public int preferredDisplayModeId;
        public int rotationAnimation;
        public int screenOrientation = -1;
        public int systemUiVisibility;
        public int layoutInDisplayCutoutMode;

        public LayoutParams(int w, int h, int x, int y, int type, int flags, int format) {
            this(w, h, type, flags, format);
            this.x = x;
            this.y = y;
        }
        public final int copyFrom(LayoutParams o) {
            width = o.width;
            height = o.height;
            x = o.x;
            y = o.y;
            type = o.type;
            flags = o.flags;
            format = o.format;
            gravity = o.gravity;
            alpha = o.alpha;
            dimAmount = o.dimAmount;
            softInputMode = o.softInputMode;
            setTitle(o.getTitle());
            return 0;
        }
        public int getBlurBehindRadius() { return 0; }
        public void setBlurBehindRadius(int radius) {}
        public final void setTitle(CharSequence title) { mTitle = title == null ? "" : title; }
        public final CharSequence getTitle() { return mTitle; }
    }
}
