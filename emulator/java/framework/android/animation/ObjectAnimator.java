package android.animation;

import android.util.Property;

public final class ObjectAnimator extends ValueAnimator {
    private Object mTarget;

    private static ObjectAnimator of(Object target, PropertyValuesHolder... values) {
        ObjectAnimator made = new ObjectAnimator();
        made.mTarget = target;
        made.setValues(values);
        return made;
    }
    public static ObjectAnimator ofInt(Object target, String propertyName, int... values) { return of(target, PropertyValuesHolder.ofInt(propertyName, values)); }
    public static ObjectAnimator ofFloat(Object target, String propertyName, float... values) { return of(target, PropertyValuesHolder.ofFloat(propertyName, values)); }
    public static <T> ObjectAnimator ofFloat(T target, Property<T, Float> property, float... values) { return of(target, PropertyValuesHolder.ofFloat(property, values)); }
    public static <T> ObjectAnimator ofInt(T target, Property<T, Integer> property, int... values) { return of(target, PropertyValuesHolder.ofInt(property, values)); }
    public static ObjectAnimator ofArgb(Object target, String propertyName, int... values) {
        ObjectAnimator made = ofInt(target, propertyName, values);
        made.setEvaluator(new ArgbEvaluator());
        return made;
    }
    public static ObjectAnimator ofObject(Object target, String propertyName, TypeEvaluator evaluator, Object... values) {
        return of(target, PropertyValuesHolder.ofObject(propertyName, evaluator, values));
    }
    public static ObjectAnimator ofPropertyValuesHolder(Object target, PropertyValuesHolder... values) { return of(target, values); }

    public Object getTarget() { return mTarget; }
    @Override public void setTarget(Object target) { mTarget = target; }
    public void setPropertyName(String name) { for (PropertyValuesHolder one : getValues()) one.setPropertyName(name); }
    public String getPropertyName() { return getValues().length > 0 ? getValues()[0].getPropertyName() : null; }
    @Override public ObjectAnimator setDuration(long duration) {
        super.setDuration(duration);
        return this;
    }
    @Override Object target() { return mTarget; }
}
