package android.text.style;

import android.text.TextPaint;

public class StrikethroughSpan extends CharacterStyle {
    @Override public void updateDrawState(TextPaint tp) {}
}
