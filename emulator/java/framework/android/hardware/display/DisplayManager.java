package android.hardware.display;

import android.view.Display;

/** One display, which never changes. */
public final class DisplayManager {
    public static final String DISPLAY_CATEGORY_PRESENTATION = "android.hardware.display.category.PRESENTATION";
    public static final int VIRTUAL_DISPLAY_FLAG_PUBLIC = 1;
    public static final int VIRTUAL_DISPLAY_FLAG_PRESENTATION = 2;
    public static final int VIRTUAL_DISPLAY_FLAG_OWN_CONTENT_ONLY = 8;
    public static final int VIRTUAL_DISPLAY_FLAG_AUTO_MIRROR = 16;

    public interface DisplayListener {
        void onDisplayAdded(int displayId);

        void onDisplayRemoved(int displayId);

        void onDisplayChanged(int displayId);
    }

    public Display getDisplay(int displayId) { return displayId == Display.DEFAULT_DISPLAY ? new Display() : null; }
    public Display[] getDisplays() { return new Display[] {new Display()}; }
    public Display[] getDisplays(String category) { return category == null ? getDisplays() : new Display[0]; }
    public void registerDisplayListener(DisplayListener listener, android.os.Handler handler) {}
    public void unregisterDisplayListener(DisplayListener listener) {}
}
