package android.view.animation;

import android.os.Handler;
import android.os.Looper;
import android.view.View;

/** Time and its listener; nothing is drawn. A view starts it. */
public abstract class Animation implements Cloneable {
    public static final int INFINITE = -1;
    public static final int RESTART = 1;
    public static final int REVERSE = 2;
    public static final int ABSOLUTE = 0;
    public static final int RELATIVE_TO_SELF = 1;
    public static final int RELATIVE_TO_PARENT = 2;
    private final Handler mHandler = new Handler(Looper.getMainLooper());
    private AnimationListener mListener;
    private boolean mStarted;
    private boolean mEnded;

    public interface AnimationListener {
        void onAnimationStart(Animation animation);
        void onAnimationEnd(Animation animation);
        void onAnimationRepeat(Animation animation);
    }

    public void setAnimationListener(AnimationListener listener) { mListener = listener; }
    public void start() { mEnded = false; }
    public void startNow() { start(); }
    public void reset() { mStarted = mEnded = false; }
    public boolean hasStarted() { return mStarted; }
    public boolean hasEnded() { return mEnded; }
    public boolean isInitialized() { return mStarted; }
    public void cancel() {
        boolean running = mStarted && !mEnded;
        mHandler.removeCallbacksAndMessages(null);
        mEnded = true;
        if (running && mListener != null) mListener.onAnimationEnd(this);
    }
    public long computeDurationHint() { return (getStartOffset() + getDuration()) * (getRepeatCount() + 1); }

    /** The stand-in's own. */
    public void standinStart(View view) {
        reset();
        mHandler.removeCallbacksAndMessages(null);
        mHandler.postDelayed(() -> {
            mStarted = true;
            if (mListener != null) mListener.onAnimationStart(this);
            round(view, 0);
        }, getStartOffset());
    }
    private void round(View view, int number) {
        mHandler.postDelayed(() -> {
            if (getRepeatCount() == INFINITE || number < getRepeatCount()) {
                if (mListener != null) mListener.onAnimationRepeat(this);
                if (!mEnded && view.isAttachedToWindow()) round(view, number + 1);
                return;
            }
            mEnded = true;
            if (view.getAnimation() == this && !getFillAfter()) view.setAnimation(null);
            if (mListener != null) mListener.onAnimationEnd(this);
        }, Math.max(1, getDuration()));
    }
}
