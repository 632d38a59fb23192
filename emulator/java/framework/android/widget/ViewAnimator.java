package android.widget;

import android.content.Context;
import android.util.AttributeSet;
import android.view.View;
import android.view.ViewGroup;

/** Shows one of its children. */
public class ViewAnimator extends FrameLayout {
    private int mShown;

    public ViewAnimator(Context context) { super(context); }
    public ViewAnimator(Context context, AttributeSet attrs) { super(context, attrs); }
    public ViewAnimator(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public ViewAnimator(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    @Override public void addView(View child, int index, ViewGroup.LayoutParams params) {
        super.addView(child, index, params);
        child.setVisibility(indexOfChild(child) == mShown ? VISIBLE : GONE);
    }
    public void setDisplayedChild(int which) {
        mShown = which >= getChildCount() ? 0 : which < 0 ? getChildCount() - 1 : which;
        for (int i = 0; i < getChildCount(); i++) getChildAt(i).setVisibility(i == mShown ? VISIBLE : GONE);
    }
    public int getDisplayedChild() { return mShown; }
    public View getCurrentView() { return getChildAt(mShown); }
    public void showNext() { setDisplayedChild(mShown + 1); }
    public void showPrevious() { setDisplayedChild(mShown - 1); }
    public void setInAnimation(Context context, int resourceId) {}
    public void setOutAnimation(Context context, int resourceId) {}
}
