package android.view;

import android.animation.Animator;
import android.animation.AnimatorListenerAdapter;
import android.animation.ObjectAnimator;
import android.animation.PropertyValuesHolder;
import android.animation.TimeInterpolator;
import android.animation.ValueAnimator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Starts with the next frame, so that what is set in one go moves together. */
public class ViewPropertyAnimator {
    private final View mView;
    private final Map<String, float[]> mPending = new LinkedHashMap<>();
    private final Runnable mBegin = this::start;
    private final ObjectAnimator mAnimator = ObjectAnimator.ofPropertyValuesHolder((Object) null);
    private Runnable mStartAction;
    private Runnable mEndAction;
    private Animator.AnimatorListener mListener;

    ViewPropertyAnimator(View view) {
        mView = view;
        mAnimator.setTarget(view);
        mAnimator.addListener(new AnimatorListenerAdapter() {
            private boolean mCancelled;

            @Override public void onAnimationStart(Animator animation) {
                mCancelled = false;
                if (mStartAction != null) mStartAction.run();
                mStartAction = null;
            }
            @Override public void onAnimationCancel(Animator animation) { mCancelled = true; }
            @Override public void onAnimationEnd(Animator animation) {
                Runnable action = mEndAction;
                mEndAction = null;
                if (action != null && !mCancelled) action.run();
            }
        });
    }

    private ViewPropertyAnimator to(String name, float from, float to) {
        mPending.put(name, new float[] {from, to});
        mView.removeCallbacks(mBegin);
        mView.post(mBegin);
        return this;
    }
    public ViewPropertyAnimator alpha(float v) { return to("alpha", mView.getAlpha(), v); }
    public ViewPropertyAnimator alphaBy(float v) { return alpha(mView.getAlpha() + v); }
    public ViewPropertyAnimator translationX(float v) { return to("translationX", mView.getTranslationX(), v); }
    public ViewPropertyAnimator translationXBy(float v) { return translationX(mView.getTranslationX() + v); }
    public ViewPropertyAnimator translationY(float v) { return to("translationY", mView.getTranslationY(), v); }
    public ViewPropertyAnimator translationYBy(float v) { return translationY(mView.getTranslationY() + v); }
    public ViewPropertyAnimator translationZ(float v) { return to("translationZ", mView.getTranslationZ(), v); }
    public ViewPropertyAnimator x(float v) { return translationX(v); }
    public ViewPropertyAnimator y(float v) { return translationY(v); }
    public ViewPropertyAnimator rotation(float v) { return to("rotation", mView.getRotation(), v); }
    public ViewPropertyAnimator rotationBy(float v) { return rotation(mView.getRotation() + v); }
    public ViewPropertyAnimator rotationX(float v) { return to("rotationX", mView.getRotationX(), v); }
    public ViewPropertyAnimator rotationY(float v) { return to("rotationY", mView.getRotationY(), v); }
    public ViewPropertyAnimator scaleX(float v) { return to("scaleX", mView.getScaleX(), v); }
    public ViewPropertyAnimator scaleXBy(float v) { return scaleX(mView.getScaleX() + v); }
    public ViewPropertyAnimator scaleY(float v) { return to("scaleY", mView.getScaleY(), v); }
    public ViewPropertyAnimator scaleYBy(float v) { return scaleY(mView.getScaleY() + v); }
    public ViewPropertyAnimator setDuration(long duration) {
        mAnimator.setDuration(duration);
        return this;
    }
    public long getDuration() { return mAnimator.getDuration(); }
    public ViewPropertyAnimator setStartDelay(long startDelay) {
        mAnimator.setStartDelay(startDelay);
        return this;
    }
    public ViewPropertyAnimator setInterpolator(TimeInterpolator interpolator) {
        mAnimator.setInterpolator(interpolator);
        return this;
    }
    public ViewPropertyAnimator setListener(Animator.AnimatorListener listener) {
        if (mListener != null) mAnimator.removeListener(mListener);
        mListener = listener;
        if (listener != null) mAnimator.addListener(listener);
        return this;
    }
    public ViewPropertyAnimator setUpdateListener(ValueAnimator.AnimatorUpdateListener listener) {
        mAnimator.removeAllUpdateListeners();
        if (listener != null) mAnimator.addUpdateListener(listener);
        return this;
    }
    public ViewPropertyAnimator withLayer() { return this; }
    public ViewPropertyAnimator withStartAction(Runnable runnable) {
        mStartAction = runnable;
        return this;
    }
    public ViewPropertyAnimator withEndAction(Runnable runnable) {
        mEndAction = runnable;
        return this;
    }
    public void start() {
        mView.removeCallbacks(mBegin);
        if (mPending.isEmpty()) return;
        mAnimator.cancel();
        mAnimator.setValues(mPending.entrySet().stream().map(e -> PropertyValuesHolder.ofFloat(e.getKey(), e.getValue())).toArray(PropertyValuesHolder[]::new));
        mPending.clear();
        mAnimator.start();
    }
    public void cancel() {
        mView.removeCallbacks(mBegin);
        mPending.clear();
        mAnimator.cancel();
    }
}
