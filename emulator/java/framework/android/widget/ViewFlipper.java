package android.widget;

import android.content.Context;
import android.util.AttributeSet;

public class ViewFlipper extends ViewAnimator {
    private boolean mStarted;
    private final Runnable mFlip = () -> {
        if (!mStarted || !isAttachedToWindow()) return;
        showNext();
        next();
    };

    public ViewFlipper(Context context) { super(context); }
    public ViewFlipper(Context context, AttributeSet attrs) { super(context, attrs); }
    public ViewFlipper(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public ViewFlipper(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    private void next() { postDelayed(mFlip, getFlipInterval()); }
    public void startFlipping() {
        stopFlipping();
        mStarted = true;
        next();
    }
    public void stopFlipping() {
        mStarted = false;
        removeCallbacks(mFlip);
    }
    public boolean isFlipping() { return mStarted; }
    @Override protected void onAttachedToWindow() {
        super.onAttachedToWindow();
        if (isAutoStart()) startFlipping();
        else if (mStarted) next();
    }
}
