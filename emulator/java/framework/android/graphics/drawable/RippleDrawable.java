package android.graphics.drawable;

import android.content.res.ColorStateList;

public class RippleDrawable extends LayerDrawable {
    public static final int RADIUS_AUTO = -1;

    public RippleDrawable(ColorStateList color, Drawable content, Drawable mask) {
        super(content == null ? new Drawable[0] : new Drawable[] {content});
        if (color == null) throw new IllegalArgumentException("RippleDrawable requires a non-null color");
    }
    public void setColor(ColorStateList color) {}
}
