package android.view;

import android.content.Context;
import java.util.ArrayList;
import java.util.List;

public abstract class ViewGroup extends View implements ViewParent, ViewManager {
    private final List<View> mChildren = new ArrayList<>();
    private OnHierarchyChangeListener mHierarchyListener;

    public interface OnHierarchyChangeListener {
        void onChildViewAdded(View parent, View child);

        void onChildViewRemoved(View parent, View child);
    }

    public static class LayoutParams {
        public static final int FILL_PARENT = -1;
        public static final int MATCH_PARENT = -1;
        public static final int WRAP_CONTENT = -2;
        public int width;
        public int height;

        public LayoutParams(int width, int height) {
            this.width = width;
            this.height = height;
        }

        public LayoutParams(LayoutParams source) {
            this(source.width, source.height);
        }
    }

    public static class MarginLayoutParams extends LayoutParams {
        public int leftMargin;
        public int topMargin;
        public int rightMargin;
        public int bottomMargin;

        public MarginLayoutParams(Context context, android.util.AttributeSet attrs) { super(WRAP_CONTENT, WRAP_CONTENT); }
        public MarginLayoutParams(int width, int height) { super(width, height); }
        public MarginLayoutParams(LayoutParams source) {
            super(source);
            if (!(source instanceof MarginLayoutParams)) return;
            MarginLayoutParams m = (MarginLayoutParams) source;
            setMargins(m.leftMargin, m.topMargin, m.rightMargin, m.bottomMargin);
        }
        public void setMargins(int l, int t, int r, int b) {
            leftMargin = l;
            topMargin = t;
            rightMargin = r;
            bottomMargin = b;
        }
    }

    public ViewGroup(Context context) { super(context); }
    public ViewGroup(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public ViewGroup(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
    public ViewGroup(Context context, android.util.AttributeSet attrs, int defStyleAttr) { super(context, attrs); }
    public void addView(View child) { addView(child, -1); }
    public void addView(View child, int index) { addView(child, index, child.getLayoutParams()); }
    public void addView(View child, int width, int height) { addView(child, -1, new LayoutParams(width, height)); }
    @Override public void addView(View child, LayoutParams params) { addView(child, -1, params); }
    public void addView(View child, int index, LayoutParams params) {
        if (child.mParent != null) {
            throw new IllegalStateException("The specified child already has a parent. You must call removeView() on the child's parent first.");
        }
        child.setLayoutParams(params == null ? generateDefaultLayoutParams() : checkLayoutParams(params) ? params : generateLayoutParams(params));
        mChildren.add(index < 0 ? mChildren.size() : index, child);
        child.mParent = this;
        if (mHierarchyListener != null) mHierarchyListener.onChildViewAdded(this, child);
        if (isAttachedToWindow()) child.dispatchAttached(true);
        requestLayout();
    }
    @Override public void updateViewLayout(View view, LayoutParams params) { view.setLayoutParams(params); }
    @Override public void removeView(View child) { detach(child); }
    private void detach(View child) {
        if (mChildren.contains(child)) child.clearFocus();
        if (mChildren.remove(child)) {
            if (isAttachedToWindow()) child.dispatchAttached(false);
            child.mParent = null;
            if (mHierarchyListener != null) mHierarchyListener.onChildViewRemoved(this, child);
            requestLayout();
        }
    }
    public void removeViews(int start, int count) { for (int i = 0; i < count; i++) removeViewAt(start); }
    public void bringChildToFront(View child) { if (mChildren.remove(child)) mChildren.add(child); }
    public void removeViewAt(int index) { removeView(mChildren.get(index)); }
    public void removeAllViewsInLayout() { removeAllViews(); }
    public void removeAllViews() { for (View v : new ArrayList<>(mChildren)) detach(v); }
    public int getChildCount() { return mChildren.size(); }
    public View getChildAt(int index) { return index >= 0 && index < mChildren.size() ? mChildren.get(index) : null; }
    public int indexOfChild(View v) { return mChildren.indexOf(v); }
    protected boolean checkLayoutParams(LayoutParams p) { return p != null; }
    protected LayoutParams generateLayoutParams(LayoutParams p) { return p; }
    protected LayoutParams generateDefaultLayoutParams() { return new LayoutParams(LayoutParams.WRAP_CONTENT, LayoutParams.WRAP_CONTENT); }
    public void setOnHierarchyChangeListener(OnHierarchyChangeListener l) { mHierarchyListener = l; }
    public boolean onInterceptTouchEvent(MotionEvent event) { return false; }
    public void requestDisallowInterceptTouchEvent(boolean disallow) {}
    public View getFocusedChild() {
        for (View v : mChildren) if (v.hasFocus()) return v;
        return null;
    }

    /** To itself or the first below it that takes the focus, in the order that {@link #setDescendantFocusability} says. */
    @Override public boolean requestFocus(int direction, android.graphics.Rect previouslyFocusedRect) {
        int order = getDescendantFocusability();
        if (order == FOCUS_BLOCK_DESCENDANTS) return super.requestFocus(direction, previouslyFocusedRect);
        if (order == FOCUS_BEFORE_DESCENDANTS && super.requestFocus(direction, previouslyFocusedRect)) return true;
        for (View v : new ArrayList<>(mChildren)) {
            if (v.getVisibility() == VISIBLE && v.requestFocus(direction, previouslyFocusedRect)) return true;
        }
        return order == FOCUS_AFTER_DESCENDANTS && super.requestFocus(direction, previouslyFocusedRect);
    }

    @Override void dispatchAttached(boolean attached) {
        super.dispatchAttached(attached);
        for (View v : new ArrayList<>(mChildren)) v.dispatchAttached(attached);
    }
    @Override protected View findViewTraversal(int id) {
        if (id == mID) return this;
        for (View v : mChildren) {
            View found = v.findViewTraversal(id);
            if (found != null) return found;
        }
        return null;
    }
    @Override protected View findTagged(Object tag) {
        View mine = super.findTagged(tag);
        for (int i = 0; mine == null && i < mChildren.size(); i++) mine = mChildren.get(i).findTagged(tag);
        return mine;
    }
    /** The stand-in's own: a tap on a child that no view in it took. */
    protected boolean standinItemTap(View child) { return false; }
    protected boolean standinItemPress(View child) { return false; }
    @Override public boolean hasFocusable() {
        if (getVisibility() != VISIBLE) return false;
        boolean found = super.hasFocusable();
        for (int i = 0; !found && i < mChildren.size() && getDescendantFocusability() != FOCUS_BLOCK_DESCENDANTS; i++) found = mChildren.get(i).hasFocusable();
        return found;
    }
    @Override public void dispatchWindowFocusChanged(boolean hasFocus) {
        super.dispatchWindowFocusChanged(hasFocus);
        for (View v : new ArrayList<>(mChildren)) v.dispatchWindowFocusChanged(hasFocus);
    }
    @Override public boolean dispatchKeyEvent(KeyEvent event) {
        View focused = getFocusedChild();
        return focused != null && focused.dispatchKeyEvent(event) || super.dispatchKeyEvent(event);
    }
    @Override public View standinFind(int node) {
        View mine = super.standinFind(node);
        for (int i = 0; mine == null && i < mChildren.size(); i++) mine = mChildren.get(i).standinFind(node);
        return mine;
    }
    @Override
    public View standinFocus() {
        for (int i = mChildren.size() - 1; mFocused == null && i >= 0; i--) {
            View found = mChildren.get(i).standinFocus();
            if (found != null) return found;
        }
        return mFocused;
    }

    @Override protected List<Object> standinChildren() {
        List<Object> out = new ArrayList<>();
        for (View v : new ArrayList<>(mChildren)) if (v.getVisibility() == VISIBLE) out.add(v.standinNode());
        return out;
    }
    protected void measureChildren(int widthMeasureSpec, int heightMeasureSpec) { for (int i = 0; i < getChildCount(); i++) measureChild(getChildAt(i), widthMeasureSpec, heightMeasureSpec); }
    protected void measureChild(View child, int widthMeasureSpec, int heightMeasureSpec) { child.measure(widthMeasureSpec, heightMeasureSpec); }
    protected void measureChildWithMargins(View child, int width, int widthUsed, int height, int heightUsed) { measureChild(child, width, height); }
    public static int getChildMeasureSpec(int spec, int padding, int childDimension) { return childDimension >= 0 ? MeasureSpec.makeMeasureSpec(childDimension, MeasureSpec.EXACTLY) : spec; }
    public LayoutParams generateLayoutParams(android.util.AttributeSet attrs) { return new LayoutParams(LayoutParams.WRAP_CONTENT, LayoutParams.WRAP_CONTENT); }
    protected boolean drawChild(android.graphics.Canvas canvas, View child, long drawingTime) { return false; }
    protected boolean addViewInLayout(View child, int index, LayoutParams params) {
        addView(child, index, params);
        return true;
    }
    protected boolean addViewInLayout(View child, int index, LayoutParams params, boolean prevent) { return addViewInLayout(child, index, params); }
    public void removeViewInLayout(View view) { removeView(view); }
    protected int getChildDrawingOrder(int count, int position) { return position; }
    protected void setChildrenDrawingOrderEnabled(boolean on) {}
    protected void setStaticTransformationsEnabled(boolean on) {}
    public void setLayoutTransition(android.animation.LayoutTransition transition) { mTransition = transition; }
    public android.animation.LayoutTransition getLayoutTransition() { return mTransition; }
    private android.animation.LayoutTransition mTransition;
    public void startViewTransition(View view) {}
    public void endViewTransition(View view) {}
    public void clearDisappearingChildren() {}
    public boolean shouldDelayChildPressedState() { return true; }
    public void setAddStatesFromChildren(boolean on) {}
    public final void offsetDescendantRectToMyCoords(View descendant, android.graphics.Rect rect) {}
    public final void offsetRectIntoDescendantCoords(View descendant, android.graphics.Rect rect) {}
    public boolean onRequestFocusInDescendants(int direction, android.graphics.Rect rect) { return false; }
    public boolean onInterceptHoverEvent(MotionEvent event) { return false; }
    public boolean onStartNestedScroll(View child, View target, int axes) { return false; }
    public void onStopNestedScroll(View child) {}
}
