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
    public static int parseColor(String s) {
        long c = Long.parseLong(s.substring(1), 16);
        return (int) (s.length() == 7 ? c | 0xff000000L : c);
    }
}
