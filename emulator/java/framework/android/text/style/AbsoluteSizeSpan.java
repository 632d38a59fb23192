package android.text.style;

import android.text.TextPaint;

public class AbsoluteSizeSpan extends CharacterStyle {
    public AbsoluteSizeSpan(int size) {}

    @Override public void updateDrawState(TextPaint tp) {}
}
