package android.text.style;

import android.text.TextPaint;

public class AbsoluteSizeSpan extends MetricAffectingSpan {
    private final int mSize;

    public AbsoluteSizeSpan(int v) { mSize = v; }
    public int getSize() { return mSize; }
    @Override public void updateDrawState(TextPaint tp) {}
    public AbsoluteSizeSpan(int size, boolean dip) { this(size); }
    @Override public void updateMeasureState(TextPaint tp) {}
}
