package android.widget;

import android.content.Context;
import android.view.animation.AnimationUtils;
import android.view.animation.Interpolator;

public class Scroller {
    private final Interpolator mInterpolator;
    private int mStartX;
    private int mStartY;
    private int mFinalX;
    private int mFinalY;
    private int mX;
    private int mY;
    private long mStart;
    private int mDuration;
    private boolean mFinished = true;

    public Scroller(Context context) { this(context, null); }
    public Scroller(Context context, Interpolator interpolator) { mInterpolator = interpolator != null ? interpolator : new android.view.animation.DecelerateInterpolator(); }
    public void startScroll(int startX, int startY, int dx, int dy) { startScroll(startX, startY, dx, dy, 250); }
    public void startScroll(int startX, int startY, int dx, int dy, int duration) {
        mFinished = false;
        mDuration = duration;
        mStart = AnimationUtils.currentAnimationTimeMillis();
        mX = mStartX = startX;
        mY = mStartY = startY;
        mFinalX = startX + dx;
        mFinalY = startY + dy;
    }
    public boolean computeScrollOffset() {
        if (mFinished) return false;
        float part = mDuration <= 0 ? 1 : Math.min(1, (float) timePassed() / mDuration);
        float along = mInterpolator.getInterpolation(part);
        mX = mStartX + Math.round(along * (mFinalX - mStartX));
        mY = mStartY + Math.round(along * (mFinalY - mStartY));
        if (part >= 1) abortAnimation();
        return true;
    }
    public void abortAnimation() {
        mX = mFinalX;
        mY = mFinalY;
        mFinished = true;
    }
    public final boolean isFinished() { return mFinished; }
    public final void forceFinished(boolean finished) { mFinished = finished; }
    public int timePassed() { return (int) (AnimationUtils.currentAnimationTimeMillis() - mStart); }
    public final int getDuration() { return mDuration; }
    public final int getCurrX() { return mX; }
    public final int getCurrY() { return mY; }
    public final int getStartX() { return mStartX; }
    public final int getStartY() { return mStartY; }
    public final int getFinalX() { return mFinalX; }
    public final int getFinalY() { return mFinalY; }
}
