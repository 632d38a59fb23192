package android.widget;

public class MultiAutoCompleteTextView extends AutoCompleteTextView {
    public interface Tokenizer {
        int findTokenStart(CharSequence text, int cursor);

        int findTokenEnd(CharSequence text, int cursor);

        CharSequence terminateToken(CharSequence text);
    }

    public static class CommaTokenizer implements Tokenizer {
        @Override public int findTokenStart(CharSequence text, int cursor) {
            int at = text.toString().lastIndexOf(',', cursor - 1) + 1;
            while (at < cursor && text.charAt(at) == ' ') at++;
            return at;
        }
        @Override public int findTokenEnd(CharSequence text, int cursor) {
            int at = text.toString().indexOf(',', cursor);
            return at < 0 ? text.length() : at;
        }
        @Override public CharSequence terminateToken(CharSequence text) { return text + ", "; }
    }

    public MultiAutoCompleteTextView(android.content.Context context) { super(context); }
    public MultiAutoCompleteTextView(android.content.Context context, android.util.AttributeSet attrs) { super(context, attrs); }

    public void setTokenizer(Tokenizer t) {}
}
