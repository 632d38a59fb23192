package android.view.animation;

public class DecelerateInterpolator implements Interpolator {
    private final float mFactor;

    public DecelerateInterpolator() { this(1f); }
    public DecelerateInterpolator(float factor) { mFactor = factor; }
    @Override public float getInterpolation(float t) { return 1 - (float) Math.pow(1 - t, 2 * mFactor); }
}
