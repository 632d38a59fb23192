package android.text.style;

public interface LineHeightSpan {
    void chooseHeight(CharSequence text, int start, int end, int spanstartv, int lineHeight, android.graphics.Paint.FontMetricsInt fm);
}
