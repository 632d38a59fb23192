package android.widget;

import android.content.Context;
import android.view.ViewGroup;

/** Columns and specs are kept but not applied: the device lays children out one below the other. */
public class GridLayout extends ViewGroup {
    public GridLayout(Context context) { super(context); }
    public GridLayout(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public GridLayout(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public GridLayout(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
    @Override protected boolean checkLayoutParams(ViewGroup.LayoutParams p) { return p instanceof LayoutParams; }
    @Override protected ViewGroup.LayoutParams generateLayoutParams(ViewGroup.LayoutParams p) { return new LayoutParams(p); }
    @Override protected ViewGroup.LayoutParams generateDefaultLayoutParams() { return new LayoutParams(); }
    public static Spec spec(int start) { return spec(start, 1); }
    public static Spec spec(int start, int size) { return new Spec(); }
    public static Spec spec(int start, float weight) { return spec(start, 1); }
    public static Spec spec(int start, int size, float weight) { return spec(start, size); }

    public static class Spec {
        private Spec() {}
    }

    public static class LayoutParams extends MarginLayoutParams {
        public Spec rowSpec = spec(UNDEFINED);
        public Spec columnSpec = spec(UNDEFINED);

        public LayoutParams() { super(WRAP_CONTENT, WRAP_CONTENT); }
        public LayoutParams(ViewGroup.LayoutParams params) { super(params); }
        public LayoutParams(Spec rowSpec, Spec columnSpec) {
            this();
            this.rowSpec = rowSpec;
            this.columnSpec = columnSpec;
        }
    }
}
