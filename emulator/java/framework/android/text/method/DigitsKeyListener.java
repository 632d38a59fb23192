package android.text.method;

public class DigitsKeyListener implements KeyListener, android.text.InputFilter {
    private final String accepted;

    public DigitsKeyListener() { this("0123456789"); }
    private DigitsKeyListener(String accepted) { this.accepted = accepted; }

    public static DigitsKeyListener getInstance() { return new DigitsKeyListener(); }
    public static DigitsKeyListener getInstance(String accepted) { return new DigitsKeyListener(accepted); }
    public static DigitsKeyListener getInstance(boolean sign, boolean decimal) { return new DigitsKeyListener("0123456789" + (sign ? "-+" : "") + (decimal ? "." : "")); }
    @Override public int getInputType() { return 2; }
    @Override public boolean onKeyDown(android.view.View view, android.text.Editable text, int keyCode, android.view.KeyEvent event) { return false; }
    @Override public boolean onKeyUp(android.view.View view, android.text.Editable text, int keyCode, android.view.KeyEvent event) { return false; }
    @Override public CharSequence filter(CharSequence source, int start, int end, android.text.Spanned dest, int dstart, int dend) {
        StringBuilder kept = new StringBuilder();
        for (int i = start; i < end; i++) if (accepted.indexOf(source.charAt(i)) >= 0) kept.append(source.charAt(i));
        return kept.length() == end - start ? null : kept.toString();
    }
}
