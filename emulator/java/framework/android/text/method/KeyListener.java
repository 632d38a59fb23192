package android.text.method;

public interface KeyListener {
    int getInputType();

    boolean onKeyDown(android.view.View view, android.text.Editable text, int keyCode, android.view.KeyEvent event);

    boolean onKeyUp(android.view.View view, android.text.Editable text, int keyCode, android.view.KeyEvent event);
}
