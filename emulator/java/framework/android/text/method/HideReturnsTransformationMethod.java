package android.text.method;

import android.graphics.Rect;
import android.view.View;

public class HideReturnsTransformationMethod implements TransformationMethod {
    private static final HideReturnsTransformationMethod INSTANCE = new HideReturnsTransformationMethod();

    public static HideReturnsTransformationMethod getInstance() { return INSTANCE; }
    @Override public CharSequence getTransformation(CharSequence source, View view) { return source; }
    @Override public void onFocusChanged(View view, CharSequence sourceText, boolean focused, int direction, Rect previouslyFocusedRect) {}
}
