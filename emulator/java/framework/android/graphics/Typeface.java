package android.graphics;

public class Typeface {
    public static final int NORMAL = 0;
    public static final int BOLD = 1;
    public static final int ITALIC = 2;
    public static final int BOLD_ITALIC = 3;
    public static final Typeface DEFAULT = new Typeface(NORMAL);
    public static final Typeface DEFAULT_BOLD = new Typeface(BOLD);
    public static final Typeface MONOSPACE = new Typeface(NORMAL);
    public static final Typeface SANS_SERIF = new Typeface(NORMAL);
    public static final Typeface SERIF = new Typeface(NORMAL);
    private final int mStyle;

    private Typeface(int style) { mStyle = style; }
    public static Typeface create(String familyName, int style) { return new Typeface(style); }
    public static Typeface create(Typeface family, int style) { return new Typeface(style); }
    public static Typeface defaultFromStyle(int style) { return new Typeface(style); }
    public static Typeface createFromAsset(android.content.res.AssetManager mgr, String path) {
        try (java.io.InputStream font = mgr.open(path)) {
            return new Typeface(NORMAL);
        } catch (java.io.IOException e) {
            throw new RuntimeException("Font asset not found " + path);
        }
    }
    public static Typeface createFromFile(java.io.File file) { return new Typeface(NORMAL); }
    public int getStyle() { return mStyle; }
    public final boolean isBold() { return (mStyle & BOLD) != 0; }
    public final boolean isItalic() { return (mStyle & ITALIC) != 0; }
}
