package android.text.style;

import android.text.TextPaint;

public class TypefaceSpan extends MetricAffectingSpan {
    private final String mFamily;

    public TypefaceSpan(String v) { mFamily = v; }
    public String getFamily() { return mFamily; }
    @Override public void updateDrawState(TextPaint tp) {}
    @Override public void updateMeasureState(TextPaint tp) {}
}
