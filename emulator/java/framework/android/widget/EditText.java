package android.widget;

import android.content.Context;
import android.text.Editable;
import android.text.InputType;
import android.text.Selection;

public class EditText extends TextView {
    public EditText(Context context) {
        super(context);
        setClickable(true);
        setFocusableInTouchMode(true);
        setInputType(InputType.TYPE_CLASS_TEXT);
        super.setText("", BufferType.EDITABLE);
    }
    public EditText(Context context, android.util.AttributeSet attrs) { this(context); }
    public EditText(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public EditText(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
    @Override public Editable getText() { return (Editable) super.getText(); }
    @Override public void setText(CharSequence text, BufferType type) { super.setText(text, BufferType.EDITABLE); }
    public void setSelection(int index) { Selection.setSelection(getText(), index); }
    public void setSelection(int start, int stop) { Selection.setSelection(getText(), start, stop); }
    public void selectAll() { Selection.selectAll(getText()); }
}
