package android.text;

/** Two marks in a text. */
public class Selection {
    public static final Object SELECTION_START = new Object();
    public static final Object SELECTION_END = new Object();

    private Selection() {}

    public static int getSelectionStart(CharSequence text) { return text instanceof Spanned ? ((Spanned) text).getSpanStart(SELECTION_START) : -1; }
    public static int getSelectionEnd(CharSequence text) { return text instanceof Spanned ? ((Spanned) text).getSpanStart(SELECTION_END) : -1; }
    public static void setSelection(Spannable text, int start, int stop) {
        text.setSpan(SELECTION_START, start, start, 0x222);
        text.setSpan(SELECTION_END, stop, stop, Spanned.SPAN_POINT_POINT);
    }
    public static void setSelection(Spannable text, int index) { setSelection(text, index, index); }
    public static void selectAll(Spannable text) { setSelection(text, 0, text.length()); }
    public static void removeSelection(Spannable text) {
        text.removeSpan(SELECTION_START);
        text.removeSpan(SELECTION_END);
    }
}
