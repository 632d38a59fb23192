package android.widget;

import android.content.Context;

public class TableRow extends LinearLayout {
    public TableRow(Context context) { super(context); }
    public TableRow(Context context, android.util.AttributeSet attrs) { this(context); }
    public TableRow(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public TableRow(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    public static class LayoutParams extends LinearLayout.LayoutParams {
        public int column = -1;
        public int span = 1;

        public LayoutParams() { super(MATCH_PARENT, WRAP_CONTENT); }
        public LayoutParams(int w, int h) { super(w, h); }
        public LayoutParams(int w, int h, float weight) { super(w, h, weight); }
    }
}
