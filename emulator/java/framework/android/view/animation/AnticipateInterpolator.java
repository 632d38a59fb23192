package android.view.animation;

public class AnticipateInterpolator implements Interpolator {
    private final float mFactor;

    public AnticipateInterpolator() { this(2f); }
    public AnticipateInterpolator(float factor) { mFactor = factor; }
    @Override public float getInterpolation(float t) { return t * t * ((mFactor + 1) * t - mFactor); }
}
