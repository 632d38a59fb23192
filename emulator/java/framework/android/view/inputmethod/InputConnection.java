package android.view.inputmethod;

/** What an input method writes to. The device types without one. */
public interface InputConnection {
    int GET_TEXT_WITH_STYLES = 1;
    int CURSOR_UPDATE_IMMEDIATE = 1;

    CharSequence getTextBeforeCursor(int n, int flags);
    CharSequence getTextAfterCursor(int n, int flags);
    CharSequence getSelectedText(int flags);
    boolean deleteSurroundingText(int beforeLength, int afterLength);
    boolean setComposingText(CharSequence text, int newCursorPosition);
    boolean finishComposingText();
    boolean commitText(CharSequence text, int newCursorPosition);
    boolean setSelection(int start, int end);
    boolean performEditorAction(int editorAction);
    boolean beginBatchEdit();
    boolean endBatchEdit();
    boolean sendKeyEvent(android.view.KeyEvent event);
}
