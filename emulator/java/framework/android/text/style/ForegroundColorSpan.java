package android.text.style;

import android.text.TextPaint;

public class ForegroundColorSpan extends CharacterStyle {
    private final int mForegroundColor;

    public ForegroundColorSpan(int v) { mForegroundColor = v; }
    public int getForegroundColor() { return mForegroundColor; }
    @Override public void updateDrawState(TextPaint tp) {}
}
