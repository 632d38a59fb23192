package android.view;

import android.graphics.Outline;

public abstract class ViewOutlineProvider {
    public static final ViewOutlineProvider BACKGROUND = new ViewOutlineProvider() {
        @Override public void getOutline(View view, Outline outline) {}
    };
    public static final ViewOutlineProvider BOUNDS = BACKGROUND;
    public static final ViewOutlineProvider PADDED_BOUNDS = BACKGROUND;

    public abstract void getOutline(View view, Outline outline);
}
