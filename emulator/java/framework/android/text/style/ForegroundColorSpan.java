package android.text.style;

import android.text.TextPaint;

public class ForegroundColorSpan extends CharacterStyle {
    public ForegroundColorSpan(int color) {}

    @Override public void updateDrawState(TextPaint tp) {}
}
