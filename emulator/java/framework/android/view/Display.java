package android.view;

import android.graphics.Point;
import android.util.DisplayMetrics;
import standin.Device;

public final class Display {
    public static final int DEFAULT_DISPLAY = 0;

    public int getDisplayId() { return DEFAULT_DISPLAY; }
    public int getWidth() { return Device.getInt("display.width", 1080); }
    public int getHeight() { return Device.getInt("display.height", 2340); }
    public float getRefreshRate() { return 60f; }
    public int getRotation() { return 0; }
    public void getSize(Point out) { out.set(getWidth(), getHeight()); }
    public void getRealSize(Point out) { getSize(out); }
    public void getMetrics(DisplayMetrics out) { fill(out); }
    public void getRealMetrics(DisplayMetrics out) {
        fill(out);
        Device.truth("hw_fp", "android.view.Display", "getRealMetrics", "value");
    }

    /** The stand-in's own: for views, whose context need not have resources. */
    public static DisplayMetrics standinMetrics() {
        DisplayMetrics m = new DisplayMetrics();
        new Display().fill(m);
        return m;
    }

    private void fill(DisplayMetrics out) {
        out.widthPixels = getWidth();
        out.heightPixels = getHeight();
        out.densityDpi = Device.getInt("display.density", 440);
        out.density = out.densityDpi / 160f;
        out.scaledDensity = out.density;
        out.xdpi = out.densityDpi;
        out.ydpi = out.densityDpi;
    }
    public static final int STATE_UNKNOWN = 0;
    public static final int STATE_OFF = 1;
    public static final int STATE_ON = 2;
    public static final int STATE_DOZE = 3;
    public static final int FLAG_SECURE = 2;

    public static final class Mode {
        public int getModeId() { return 1; }
        public int getPhysicalWidth() { return Device.getInt("display.width", 1080); }
        public int getPhysicalHeight() { return Device.getInt("display.height", 2340); }
        public float getRefreshRate() { return 60f; }
        public float[] getAlternativeRefreshRates() { return new float[0]; }
    }

    public boolean isValid() { return true; }
    public int getFlags() { return FLAG_SECURE; }
    public int getState() { return STATE_ON; }
    public String getName() { return "内置屏幕"; }
    public Mode getMode() { return new Mode(); }
    public Mode[] getSupportedModes() { return new Mode[] {getMode()}; }
    @Deprecated
    public float[] getSupportedRefreshRates() { return new float[] {60f}; }
    public void getRectSize(android.graphics.Rect out) { out.set(0, 0, getWidth(), getHeight()); }
    public void getCurrentSizeRange(Point small, Point large) {
        small.set(getWidth(), getWidth());
        large.set(getHeight(), getHeight());
    }
    public DisplayCutout getCutout() { return null; }
    public boolean isHdr() { return false; }
    public boolean isWideColorGamut() { return false; }
    @Deprecated
    public int getOrientation() { return 0; }
    @Deprecated
    public int getPixelFormat() { return 1; }
}
