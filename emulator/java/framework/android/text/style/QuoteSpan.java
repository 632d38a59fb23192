package android.text.style;

public class QuoteSpan {
    public QuoteSpan() {}

    public QuoteSpan(int color) {}
}
