package android.text.style;

import android.text.TextPaint;

public class SubscriptSpan extends MetricAffectingSpan {
    @Override public void updateDrawState(TextPaint tp) {}
    @Override public void updateMeasureState(TextPaint tp) {}
}
