package android.view.inputmethod;

public class BaseInputConnection implements InputConnection {
    public BaseInputConnection(android.view.View targetView, boolean fullEditor) {}

    public android.text.Editable getEditable() { return null; }
    @Override public CharSequence getTextBeforeCursor(int n, int flags) { return ""; }
    @Override public CharSequence getTextAfterCursor(int n, int flags) { return ""; }
    @Override public CharSequence getSelectedText(int flags) { return null; }
    @Override public boolean deleteSurroundingText(int beforeLength, int afterLength) { return false; }
    @Override public boolean setComposingText(CharSequence text, int newCursorPosition) { return false; }
    @Override public boolean finishComposingText() { return false; }
    @Override public boolean commitText(CharSequence text, int newCursorPosition) { return false; }
    @Override public boolean setSelection(int start, int end) { return false; }
    @Override public boolean performEditorAction(int editorAction) { return false; }
    @Override public boolean beginBatchEdit() { return false; }
    @Override public boolean endBatchEdit() { return false; }
    @Override public boolean sendKeyEvent(android.view.KeyEvent event) { return false; }
}
