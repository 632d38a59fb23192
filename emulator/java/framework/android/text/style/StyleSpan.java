package android.text.style;

import android.text.TextPaint;

public class StyleSpan extends CharacterStyle {
    public StyleSpan(int style) {}

    @Override public void updateDrawState(TextPaint tp) {}
}
