package android.animation;

public class IntEvaluator implements TypeEvaluator<Integer> {
    @Override public Integer evaluate(float fraction, Integer startValue, Integer endValue) { return (int) (startValue + fraction * (endValue - startValue)); }
}
