package android.graphics;

public class Color {
    public static final int BLACK = 0xff000000;
    public static final int DKGRAY = 0xff444444;
    public static final int GRAY = 0xff888888;
    public static final int LTGRAY = 0xffcccccc;
    public static final int WHITE = 0xffffffff;
    public static final int RED = 0xffff0000;
    public static final int GREEN = 0xff00ff00;
    public static final int BLUE = 0xff0000ff;
    public static final int YELLOW = 0xffffff00;
    public static final int TRANSPARENT = 0;

    public static int rgb(int r, int g, int b) { return argb(255, r, g, b); }
    public static int argb(int a, int r, int g, int b) { return a << 24 | r << 16 | g << 8 | b; }
    public static final int CYAN = 0xff00ffff;
    public static final int MAGENTA = 0xffff00ff;
    public static int alpha(int color) { return color >>> 24; }
    public static int red(int color) { return color >> 16 & 0xff; }
    public static int green(int color) { return color >> 8 & 0xff; }
    public static int blue(int color) { return color & 0xff; }
    public static int parseColor(String s) {
        if (s.startsWith("#") && (s.length() == 7 || s.length() == 9)) {
            long c = Long.parseLong(s.substring(1), 16);
            return (int) (s.length() == 7 ? c | 0xff000000L : c);
        }
        try {
            return Color.class.getField(s.toUpperCase(java.util.Locale.ROOT)).getInt(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("Unknown color");
        }
    }
    public static int HSVToColor(float[] hsv) {
        float[] rgb = new float[3];
        for (int i = 0; i < 3; i++) {
            float k = (new int[] {5, 3, 1}[i] + hsv[0] / 60) % 6;
            rgb[i] = hsv[2] - hsv[2] * hsv[1] * Math.max(0, Math.min(1, Math.min(k, 4 - k)));
        }
        return rgb(Math.round(rgb[0] * 255), Math.round(rgb[1] * 255), Math.round(rgb[2] * 255));
    }
    public static void colorToHSV(int color, float[] hsv) { RGBToHSV(red(color), green(color), blue(color), hsv); }
    public static void RGBToHSV(int r, int g, int b, float[] hsv) {
        float max = Math.max(r, Math.max(g, b));
        float part = max - Math.min(r, Math.min(g, b));
        float hue = part == 0 ? 0 : max == r ? (g - b) / part : max == g ? 2 + (b - r) / part : 4 + (r - g) / part;
        hsv[0] = (hue * 60 + 360) % 360;
        hsv[1] = max == 0 ? 0 : part / max;
        hsv[2] = max / 255;
    }
    public static int HSVToColor(int alpha, float[] hsv) { return HSVToColor(hsv) & 0xffffff | alpha << 24; }
    public static float luminance(int color) {
        double[] c = {red(color) / 255.0, green(color) / 255.0, blue(color) / 255.0};
        for (int i = 0; i < 3; i++) c[i] = c[i] <= 0.04045 ? c[i] / 12.92 : Math.pow((c[i] + 0.055) / 1.055, 2.4);
        return (float) (0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]);
    }
    private int argb = BLACK;
    public static Color valueOf(int color) {
        Color made = new Color();
        made.argb = color;
        return made;
    }
    public int toArgb() { return argb; }
    public float alpha() { return alpha(argb) / 255f; }
    public float red() { return red(argb) / 255f; }
    public float green() { return green(argb) / 255f; }
    public float blue() { return blue(argb) / 255f; }
}
