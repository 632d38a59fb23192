package android.text.style;

import android.text.TextPaint;

public class BackgroundColorSpan extends CharacterStyle {
    public BackgroundColorSpan(int color) {}

    @Override public void updateDrawState(TextPaint tp) {}
}
