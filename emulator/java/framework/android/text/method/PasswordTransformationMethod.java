package android.text.method;

import android.graphics.Rect;
import android.view.View;

public class PasswordTransformationMethod implements TransformationMethod {
    private static final PasswordTransformationMethod INSTANCE = new PasswordTransformationMethod();

    public static PasswordTransformationMethod getInstance() { return INSTANCE; }
    @Override public CharSequence getTransformation(CharSequence source, View view) { return "•".repeat(source.length()); }
    @Override public void onFocusChanged(View view, CharSequence sourceText, boolean focused, int direction, Rect previouslyFocusedRect) {}
}
