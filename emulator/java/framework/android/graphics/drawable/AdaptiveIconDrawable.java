package android.graphics.drawable;

public class AdaptiveIconDrawable extends LayerDrawable {
    private final Drawable background;
    private final Drawable foreground;

    public AdaptiveIconDrawable(Drawable background, Drawable foreground) {
        super(new Drawable[] {background, foreground});
        this.background = background;
        this.foreground = foreground;
    }

    public Drawable getBackground() { return background; }
    public Drawable getForeground() { return foreground; }
    public static float getExtraInsetFraction() { return 0.25f; }
}
