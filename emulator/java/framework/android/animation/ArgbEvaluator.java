package android.animation;

public class ArgbEvaluator implements TypeEvaluator<Object> {
    @Override public Object evaluate(float fraction, Object startValue, Object endValue) {
        int from = (Integer) startValue;
        int to = (Integer) endValue;
        int out = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int a = from >>> shift & 255;
            out |= (int) (a + fraction * ((to >>> shift & 255) - a)) << shift;
        }
        return out;
    }
}
