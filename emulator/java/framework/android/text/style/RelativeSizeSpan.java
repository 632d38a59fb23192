package android.text.style;

import android.text.TextPaint;

public class RelativeSizeSpan extends MetricAffectingSpan {
    private final float mSizeChange;

    public RelativeSizeSpan(float v) { mSizeChange = v; }
    public float getSizeChange() { return mSizeChange; }
    @Override public void updateDrawState(TextPaint tp) {}
    @Override public void updateMeasureState(TextPaint tp) {}
}
