package android.text.style;

import android.text.TextPaint;

public class BackgroundColorSpan extends CharacterStyle {
    private final int mBackgroundColor;

    public BackgroundColorSpan(int v) { mBackgroundColor = v; }
    public int getBackgroundColor() { return mBackgroundColor; }
    @Override public void updateDrawState(TextPaint tp) {}
}
