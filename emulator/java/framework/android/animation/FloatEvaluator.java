package android.animation;

public class FloatEvaluator implements TypeEvaluator<Number> {
    @Override public Float evaluate(float fraction, Number startValue, Number endValue) {
        return startValue.floatValue() + fraction * (endValue.floatValue() - startValue.floatValue());
    }
}
