package android.view.animation;

public class BounceInterpolator implements Interpolator {
    private static float bounce(float t) { return t * t * 8; }
    @Override public float getInterpolation(float t) { t *= 1.1226f;
        if (t < 0.3535f) return bounce(t);
        if (t < 0.7408f) return bounce(t - 0.54719f) + 0.7f;
        return t < 0.9644f ? bounce(t - 0.8526f) + 0.9f : bounce(t - 1.0435f) + 0.95f; }
}
