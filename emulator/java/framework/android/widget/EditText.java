package android.widget;

import android.content.Context;
import android.text.Editable;
import android.text.InputType;

public class EditText extends TextView {
    public EditText(Context context) {
        super(context);
        setClickable(true);
        setFocusable(true);
        setInputType(InputType.TYPE_CLASS_TEXT);
        super.setText("", BufferType.EDITABLE);
    }
    public EditText(Context context, android.util.AttributeSet attrs) { this(context); }
    @Override public Editable getText() { return (Editable) super.getText(); }
    @Override public void setText(CharSequence text, BufferType type) { super.setText(text, BufferType.EDITABLE); }
    public void setSelection(int index) {}
    public void setError(CharSequence error) {}
}
