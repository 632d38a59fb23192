package android.animation;

import android.util.Property;

/** Values that one property passes through. */
public class PropertyValuesHolder implements Cloneable {
    private String mName;
    private final Property<Object, Object> mProperty;
    private final Object[] mValues;
    @SuppressWarnings("rawtypes")
    private TypeEvaluator mEvaluator;
    private Object mNow;

    @SuppressWarnings("unchecked")
    private PropertyValuesHolder(String name, Property<?, ?> property, TypeEvaluator<?> evaluator, Object[] values) {
        mName = name;
        mProperty = (Property<Object, Object>) property;
        mEvaluator = evaluator;
        mValues = values;
        mNow = values.length > 0 ? values[0] : null;
    }

    private static Object[] boxed(int[] values) { return java.util.Arrays.stream(values).boxed().toArray(); }
    private static Object[] boxed(float[] values) {
        Object[] out = new Object[values.length];
        for (int i = 0; i < out.length; i++) out[i] = values[i];
        return out;
    }
    public static PropertyValuesHolder ofInt(String name, int... values) { return new PropertyValuesHolder(name, null, new IntEvaluator(), boxed(values)); }
    public static PropertyValuesHolder ofFloat(String name, float... values) { return new PropertyValuesHolder(name, null, new FloatEvaluator(), boxed(values)); }
    public static PropertyValuesHolder ofObject(String name, TypeEvaluator evaluator, Object... values) { return new PropertyValuesHolder(name, null, evaluator, values); }
    public static PropertyValuesHolder ofInt(Property<?, Integer> property, int... values) { return new PropertyValuesHolder(property.getName(), property, new IntEvaluator(), boxed(values)); }
    public static PropertyValuesHolder ofFloat(Property<?, Float> property, float... values) { return new PropertyValuesHolder(property.getName(), property, new FloatEvaluator(), boxed(values)); }
    public void setPropertyName(String name) { mName = name; }
    public String getPropertyName() { return mName; }
    public void setEvaluator(TypeEvaluator evaluator) { mEvaluator = evaluator; }

    Object now() { return mNow; }

    @SuppressWarnings("unchecked")
    void move(float fraction, Object target) {
        Object[] all = mValues;
        if (all.length == 0) return;
        if (all.length == 1) all = new Object[] {target == null ? all[0] : read(target), all[0]};
        int parts = all.length - 1;
        int at = Math.max(0, Math.min(parts - 1, (int) Math.floor(fraction * parts)));
        mNow = mEvaluator.evaluate(fraction * parts - at, all[at], all[at + 1]);
        if (target != null) write(target);
    }
    private String method(String prefix) { return prefix + Character.toUpperCase(mName.charAt(0)) + mName.substring(1); }
    private Object read(Object target) {
        if (mProperty != null) return mProperty.get(target);
        try {
            return target.getClass().getMethod(method("get")).invoke(target);
        } catch (ReflectiveOperationException none) {
            return mValues[0];
        }
    }
    private void write(Object target) {
        if (mProperty != null) {
            mProperty.set(target, mNow);
            return;
        }
        for (java.lang.reflect.Method m : target.getClass().getMethods()) {
            if (!m.getName().equals(method("set")) || m.getParameterCount() != 1) continue;
            Class<?> type = m.getParameterTypes()[0];
            if (!(mNow instanceof Integer ? type == int.class : mNow instanceof Float ? type == float.class : type.isInstance(mNow))) continue;
            try {
                m.setAccessible(true);
                m.invoke(target, mNow);
            } catch (ReflectiveOperationException e) {
                android.util.Log.e("PropertyValuesHolder", String.valueOf(e));
            }
            return;
        }
        android.util.Log.w("PropertyValuesHolder", "Method " + method("set") + "() with type " + mNow.getClass() + " not found on target class " + target.getClass());
    }
}
