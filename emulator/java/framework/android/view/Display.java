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
}
