package android.view.inputmethod;

public class InputConnectionWrapper extends BaseInputConnection {
    public InputConnectionWrapper(InputConnection target, boolean mutable) { super(null, false); }
}
