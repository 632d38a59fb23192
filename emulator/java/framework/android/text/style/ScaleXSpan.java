package android.text.style;

import android.text.TextPaint;

public class ScaleXSpan extends MetricAffectingSpan {
    private final float mScaleX;

    public ScaleXSpan(float v) { mScaleX = v; }
    public float getScaleX() { return mScaleX; }
    @Override public void updateDrawState(TextPaint tp) {}
    @Override public void updateMeasureState(TextPaint tp) {}
}
