package android.view.animation;

public class OvershootInterpolator implements Interpolator {
    private final float mFactor;

    public OvershootInterpolator() { this(2f); }
    public OvershootInterpolator(float factor) { mFactor = factor; }
    @Override public float getInterpolation(float t) { return (t - 1) * (t - 1) * ((mFactor + 1) * (t - 1) + mFactor) + 1; }
}
