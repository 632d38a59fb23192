package android.text.style;

import android.text.TextPaint;

public class StyleSpan extends MetricAffectingSpan {
    private final int mStyle;

    public StyleSpan(int v) { mStyle = v; }
    public int getStyle() { return mStyle; }
    @Override public void updateDrawState(TextPaint tp) {}
    @Override public void updateMeasureState(TextPaint tp) {}
}
