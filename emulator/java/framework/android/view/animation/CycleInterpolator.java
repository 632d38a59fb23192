package android.view.animation;

public class CycleInterpolator implements Interpolator {
    private final float mCycles;

    public CycleInterpolator(float cycles) { mCycles = cycles; }
    @Override public float getInterpolation(float t) { return (float) Math.sin(2 * mCycles * Math.PI * t); }
}
