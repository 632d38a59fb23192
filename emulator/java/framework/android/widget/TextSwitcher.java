package android.widget;

import android.content.Context;

public class TextSwitcher extends ViewSwitcher {
    public TextSwitcher(Context context) { super(context); }
    public void setText(CharSequence text) {
        ((TextView) getNextView()).setText(text);
        showNext();
    }
    public void setCurrentText(CharSequence text) { ((TextView) getCurrentView()).setText(text); }
}
