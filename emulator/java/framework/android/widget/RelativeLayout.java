package android.widget;

import android.content.Context;
import android.view.ViewGroup;

/** Rules are kept but not applied: the device lays children out one below the other. */
public class RelativeLayout extends ViewGroup {
    public static final int TRUE = -1;
    public static final int LEFT_OF = 0;
    public static final int RIGHT_OF = 1;
    public static final int ABOVE = 2;
    public static final int BELOW = 3;
    public static final int ALIGN_PARENT_LEFT = 9;
    public static final int ALIGN_PARENT_TOP = 10;
    public static final int ALIGN_PARENT_RIGHT = 11;
    public static final int ALIGN_PARENT_BOTTOM = 12;
    public static final int CENTER_IN_PARENT = 13;
    public static final int CENTER_HORIZONTAL = 14;
    public static final int CENTER_VERTICAL = 15;

    public RelativeLayout(Context context) { super(context); }
    public RelativeLayout(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public RelativeLayout(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public RelativeLayout(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    @Override protected boolean checkLayoutParams(ViewGroup.LayoutParams p) { return p instanceof LayoutParams; }
    @Override protected ViewGroup.LayoutParams generateLayoutParams(ViewGroup.LayoutParams p) { return new LayoutParams(p); }
    @Override protected ViewGroup.LayoutParams generateDefaultLayoutParams() {
        return new LayoutParams(ViewGroup.LayoutParams.WRAP_CONTENT, ViewGroup.LayoutParams.WRAP_CONTENT);
    }

    public static class LayoutParams extends MarginLayoutParams {
        private final int[] mRules = new int[22];

        public LayoutParams(int width, int height) { super(width, height); }
        public LayoutParams(ViewGroup.LayoutParams source) { super(source); }
        public void removeRule(int verb) { addRule(verb, 0); }
        public int[] getRules() { return mRules; }
        public void addRule(int verb) { addRule(verb, TRUE); }
        public void addRule(int verb, int subject) { mRules[verb] = subject; }
        public int getRule(int verb) { return mRules[verb]; }
    }
}
