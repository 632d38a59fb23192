package com.android.internal.policy;

import android.content.Context;
import android.view.InflateException;
import android.view.View;
import android.view.ViewGroup;
import android.view.Window;
import android.widget.FrameLayout;

public class PhoneWindow extends Window {
    private final DecorView mDecor;
    private final FrameLayout mContent;
    private View mBar;

    /** Root of a window. */
    public static class DecorView extends FrameLayout {
        private final PhoneWindow mWindow;

        DecorView(Context context, PhoneWindow window) {
            super(context);
            mWindow = window;
        }

        @Override public void onWindowFocusChanged(boolean hasFocus) {
            super.onWindowFocusChanged(hasFocus);
            Callback callback = mWindow.getCallback();
            if (callback != null) callback.onWindowFocusChanged(hasFocus);
        }
    }

    public PhoneWindow(Context context) {
        super(context);
        mDecor = new DecorView(context, this);
        mContent = new FrameLayout(context);
        mContent.setId(android.R.id.content);
        mDecor.addView(mContent);
    }

    /** The stand-in's own: what stands above the content. */
    public void standinBar(View bar) {
        if (mBar != null) mDecor.removeView(mBar);
        mBar = bar;
        if (bar != null) mDecor.addView(bar, 0);
    }

    @Override public View getDecorView() { return mDecor; }
    @Override public View peekDecorView() { return mDecor; }
    @Override public void setContentView(View view) {
        mContent.removeAllViews();
        mContent.addView(view);
    }
    @Override public void setContentView(View view, ViewGroup.LayoutParams params) {
        mContent.removeAllViews();
        mContent.addView(view, params);
    }
    @Override public void addContentView(View view, ViewGroup.LayoutParams params) { mContent.addView(view, params); }
    @Override public void setContentView(int layoutResID) {
        throw new InflateException("This device has no layout resources: build the views in code");
    }
}
