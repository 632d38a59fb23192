package android.widget;

import android.content.Context;
import android.view.ViewGroup;
import java.util.Map;

public class LinearLayout extends ViewGroup {
    public static final int HORIZONTAL = 0;
    public static final int VERTICAL = 1;
    private int mOrientation;

    public LinearLayout(Context context) { super(context); }
    public LinearLayout(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public LinearLayout(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public LinearLayout(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    public void setOrientation(int orientation) { mOrientation = orientation; requestLayout(); }
    public int getOrientation() { return mOrientation; }
    @Override protected boolean checkLayoutParams(ViewGroup.LayoutParams p) { return p instanceof LayoutParams; }
    @Override protected ViewGroup.LayoutParams generateLayoutParams(ViewGroup.LayoutParams p) { return new LayoutParams(p); }
    @Override protected ViewGroup.LayoutParams generateDefaultLayoutParams() {
        return new LayoutParams(mOrientation == VERTICAL ? ViewGroup.LayoutParams.MATCH_PARENT : ViewGroup.LayoutParams.WRAP_CONTENT, ViewGroup.LayoutParams.WRAP_CONTENT);
    }

    @Override public Map<String, Object> standinNode() {
        Map<String, Object> n = super.standinNode();
        n.put("orientation", mOrientation == VERTICAL ? "vertical" : "horizontal");
        return n;
    }

    public static class LayoutParams extends MarginLayoutParams {
        public float weight;
        public int gravity;

        public LayoutParams(int width, int height) { super(width, height); }
        public LayoutParams(ViewGroup.LayoutParams source) { super(source); }
        public LayoutParams(int width, int height, float weight) { super(width, height); this.weight = weight; }
    }
}
