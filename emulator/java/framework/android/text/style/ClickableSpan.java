package android.text.style;

import android.text.TextPaint;
import android.view.View;

public abstract class ClickableSpan extends CharacterStyle {
    public abstract void onClick(View widget);

    @Override public void updateDrawState(TextPaint ds) { ds.setUnderlineText(true); }
}
