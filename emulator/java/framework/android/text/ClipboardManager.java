package android.text;

/** The old name; the service is an {@link android.content.ClipboardManager}. */
@Deprecated
public abstract class ClipboardManager {
    public abstract CharSequence getText();

    public abstract void setText(CharSequence text);

    public abstract boolean hasText();
}
