package android.widget;

import android.content.Context;

public class TableLayout extends LinearLayout {
    public TableLayout(Context context) { super(context); setOrientation(VERTICAL); }
    public TableLayout(Context context, android.util.AttributeSet attrs) { this(context); }
    public TableLayout(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public TableLayout(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
    public void setColumnStretchable(int column, boolean isStretchable) {}
    public void setColumnShrinkable(int column, boolean isShrinkable) {}
    public void setColumnCollapsed(int column, boolean isCollapsed) {}

    public static class LayoutParams extends LinearLayout.LayoutParams {
        public LayoutParams() { super(MATCH_PARENT, WRAP_CONTENT); }
        public LayoutParams(int w, int h) { super(w, h); }
        public LayoutParams(int w, int h, float weight) { super(w, h, weight); }
    }
}
