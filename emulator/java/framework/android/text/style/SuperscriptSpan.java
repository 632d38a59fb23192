package android.text.style;

import android.text.TextPaint;

public class SuperscriptSpan extends MetricAffectingSpan {
    @Override public void updateDrawState(TextPaint tp) {}
    @Override public void updateMeasureState(TextPaint tp) {}
}
