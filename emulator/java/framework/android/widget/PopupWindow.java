package android.widget;

import android.content.Context;
import android.graphics.drawable.Drawable;
import android.view.View;
import android.view.WindowManager;

public class PopupWindow {
    public interface OnDismissListener { void onDismiss(); }

    private View mContentView;
    private FrameLayout mDecorView;
    private int mWidth = -2;
    private int mHeight = -2;
    private boolean mIsShowing;
    private boolean mFocusable;
    private OnDismissListener mOnDismissListener;
    private WindowManager mWindowManager;

    public PopupWindow(Context context) {}
    public PopupWindow(View contentView) { this(contentView, -2, -2); }
    public PopupWindow(View contentView, int width, int height) { this(contentView, width, height, false); }
    public PopupWindow(View contentView, int width, int height, boolean focusable) {
        mContentView = contentView;
        mWidth = width;
        mHeight = height;
        mFocusable = focusable;
    }
    public void setContentView(View v) { mContentView = v; }
    public View getContentView() { return mContentView; }
    public void setWidth(int w) { mWidth = w; }
    public void setHeight(int h) { mHeight = h; }
    public void setFocusable(boolean v) { mFocusable = v; }
    public boolean isFocusable() { return mFocusable; }
    public void setOutsideTouchable(boolean v) {}
    public void setTouchable(boolean v) {}
    public void setBackgroundDrawable(Drawable d) {}
    public void setAnimationStyle(int style) {}
    public boolean isShowing() { return mIsShowing; }
    public void setOnDismissListener(OnDismissListener l) { mOnDismissListener = l; }
    public void showAsDropDown(View anchor) { showAsDropDown(anchor, 0, 0); }
    public void showAsDropDown(View anchor, int xoff, int yoff) { showAsDropDown(anchor, xoff, yoff, 0); }
    public void showAsDropDown(View anchor, int xoff, int yoff, int gravity) { invoke(anchor, gravity, xoff, yoff); }
    public void showAtLocation(View parent, int gravity, int x, int y) { invoke(parent, gravity, x, y); }
    private void invoke(View anchor, int gravity, int x, int y) {
        if (mIsShowing || mContentView == null) return;
        WindowManager.LayoutParams p = new WindowManager.LayoutParams(mWidth, mHeight,
                WindowManager.LayoutParams.TYPE_APPLICATION_PANEL, mFocusable ? 0 : WindowManager.LayoutParams.FLAG_NOT_FOCUSABLE, 0);
        p.token = anchor.getWindowToken();
        p.gravity = gravity;
        p.x = x;
        p.y = y;
        p.setTitle("PopupWindow:" + Integer.toHexString(hashCode()));
        if (p.token == null) throw new WindowManager.BadTokenException("Unable to add window -- token null is not valid; is your activity running?");
        mDecorView = new FrameLayout(anchor.getContext());
        mDecorView.addView(mContentView);
        mWindowManager = (WindowManager) anchor.getContext().getSystemService(Context.WINDOW_SERVICE);
        mIsShowing = true;
        mWindowManager.addView(mDecorView, p);
        standin.Windows.popup(mDecorView, this);
    }
    public void update() { if (mDecorView != null) mDecorView.requestLayout(); }
    public void dismiss() {
        if (!mIsShowing) return;
        mIsShowing = false;
        mWindowManager.removeViewImmediate(mDecorView);
        mDecorView.removeAllViews();
        if (mOnDismissListener != null) mOnDismissListener.onDismiss();
    }
    public PopupWindow() { this((View) null); }
    public int getWidth() { return mWidth; }
    public int getHeight() { return mHeight; }
    public void setElevation(float elevation) {}
    public float getElevation() { return 0f; }
    public void setOverlapAnchor(boolean on) {}
    public void setEnterTransition(android.transition.Transition t) {}
    public void setExitTransition(android.transition.Transition t) {}
    public void setAttachedInDecor(boolean on) {}
    public int getMaxAvailableHeight(View anchor) { return 1000; }
    public boolean isAboveAnchor() { return false; }
}
