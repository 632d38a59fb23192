package android.view.animation;

public class AccelerateInterpolator implements Interpolator {
    private final float mFactor;

    public AccelerateInterpolator() { this(1f); }
    public AccelerateInterpolator(float factor) { mFactor = factor; }
    @Override public float getInterpolation(float t) { return (float) Math.pow(t, 2 * mFactor); }
}
