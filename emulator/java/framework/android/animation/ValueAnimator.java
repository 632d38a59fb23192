package android.animation;

import android.os.Handler;
import android.os.Looper;
import android.os.SystemClock;
import java.util.ArrayList;

/** Moves on the thread that starts it, a frame each 16 ms, by the device's animator scale. */
public class ValueAnimator extends Animator {
    public static final int RESTART = 1;
    public static final int REVERSE = 2;
    public static final int INFINITE = -1;
    private static final long FRAME_MS = 16;
    private ArrayList<AnimatorUpdateListener> mUpdateListeners = new ArrayList<>();
    private PropertyValuesHolder[] mValues = new PropertyValuesHolder[0];
    private TimeInterpolator mInterpolator = new android.view.animation.AccelerateDecelerateInterpolator();
    private long mDuration = 300;
    private long mDelay;
    private int mRepeatCount;
    private int mRepeatMode = RESTART;
    private Handler mHandler;
    private Runnable mFrame;
    private boolean mStarted;
    private boolean mRunning;
    private boolean mReversed;
    private long mBegan;
    private long mPausedAt = -1;
    private int mRound;
    private float mFraction;

    public interface AnimatorUpdateListener { void onAnimationUpdate(ValueAnimator animation); }

    public static ValueAnimator ofInt(int... values) { return of(PropertyValuesHolder.ofInt("", values)); }
    public static ValueAnimator ofFloat(float... values) { return of(PropertyValuesHolder.ofFloat("", values)); }
    public static ValueAnimator ofArgb(int... values) {
        ValueAnimator made = ofInt(values);
        made.setEvaluator(new ArgbEvaluator());
        return made;
    }
    public static ValueAnimator ofObject(TypeEvaluator evaluator, Object... values) { return of(PropertyValuesHolder.ofObject("", evaluator, values)); }
    public static ValueAnimator ofPropertyValuesHolder(PropertyValuesHolder... values) { return of(values); }
    private static ValueAnimator of(PropertyValuesHolder... values) {
        ValueAnimator made = new ValueAnimator();
        made.setValues(values);
        return made;
    }

    public void setValues(PropertyValuesHolder... values) { mValues = values; }
    public PropertyValuesHolder[] getValues() { return mValues; }
    private void only(PropertyValuesHolder value) { mValues = new PropertyValuesHolder[] {value}; }
    private String name() { return mValues.length > 0 ? mValues[0].getPropertyName() : ""; }
    public void setIntValues(int... values) { only(PropertyValuesHolder.ofInt(name(), values)); }
    public void setFloatValues(float... values) { only(PropertyValuesHolder.ofFloat(name(), values)); }
    public void setEvaluator(TypeEvaluator evaluator) { if (evaluator != null && mValues.length > 0) mValues[0].setEvaluator(evaluator); }
    @Override public ValueAnimator setDuration(long duration) {
        if (duration < 0) throw new IllegalArgumentException("Animators cannot have negative duration: " + duration);
        mDuration = duration;
        return this;
    }
    @Override public long getDuration() { return mDuration; }
    @Override public void setStartDelay(long startDelay) { mDelay = Math.max(0, startDelay); }
    @Override public long getStartDelay() { return mDelay; }
    @Override public void setInterpolator(TimeInterpolator value) { mInterpolator = value != null ? value : new android.view.animation.LinearInterpolator(); }
    @Override public TimeInterpolator getInterpolator() { return mInterpolator; }
    public void setRepeatCount(int value) { mRepeatCount = value; }
    public int getRepeatCount() { return mRepeatCount; }
    public void setRepeatMode(int value) { mRepeatMode = value; }
    public int getRepeatMode() { return mRepeatMode; }
    public void addUpdateListener(AnimatorUpdateListener listener) { mUpdateListeners.add(listener); }
    public void removeUpdateListener(AnimatorUpdateListener listener) { mUpdateListeners.remove(listener); }
    public void removeAllUpdateListeners() { mUpdateListeners.clear(); }
    public Object getAnimatedValue() { return mValues.length > 0 ? mValues[0].now() : null; }
    public Object getAnimatedValue(String propertyName) {
        for (PropertyValuesHolder one : mValues) if (one.getPropertyName().equals(propertyName)) return one.now();
        return null;
    }
    public float getAnimatedFraction() { return mFraction; }
    public long getCurrentPlayTime() { return mRunning ? SystemClock.uptimeMillis() - mBegan : 0; }
    @Override public boolean isRunning() { return mRunning; }
    @Override public boolean isStarted() { return mStarted; }
    @Override public boolean isPaused() { return mPausedAt >= 0; }
    public static boolean areAnimatorsEnabled() { return scale() > 0; }

    private static float scale() {
        Object told = standin.Device.call("settings.get", java.util.Map.of("ns", "global", "key", "animator_duration_scale"));
        try {
            return told == null ? 1f : Float.parseFloat(told.toString());
        } catch (NumberFormatException e) {
            return 1f;
        }
    }

    @Override public void start() { start(false); }
    public void reverse() { start(true); }
    private void start(boolean reversed) {
        if (Looper.myLooper() == null) throw new android.util.AndroidRuntimeException("Animators may only be run on Looper threads");
        if (mStarted) stop();
        mHandler = new Handler();
        mReversed = reversed;
        mStarted = true;
        mPausedAt = -1;
        mRound = 0;
        float scale = scale();
        mFrame = () -> frame(scale);
        if (mDelay > 0 && scale > 0) mHandler.postDelayed(this::begin, (long) (mDelay * scale));
        else begin();
    }
    private void begin() {
        if (!mStarted || mRunning) return;
        mRunning = true;
        mBegan = SystemClock.uptimeMillis();
        tell(l -> l.onAnimationStart(this, mReversed));
        animate(0);
        mHandler.post(mFrame);
    }
    private void frame(float scale) {
        if (!mRunning || isPaused()) return;
        float all = mDuration * scale;
        float passed = all <= 0 ? mRepeatCount + 1f : (SystemClock.uptimeMillis() - mBegan) / all;
        boolean over = all <= 0 || mRepeatCount != INFINITE && passed >= mRepeatCount + 1;
        if (over) {
            animate(mRepeatCount == INFINITE ? 1 : mRepeatCount + 1);
            finish();
            return;
        }
        if ((int) passed > mRound) {
            mRound = (int) passed;
            tell(l -> l.onAnimationRepeat(this));
        }
        animate(passed);
        if (mRunning) mHandler.postDelayed(mFrame, FRAME_MS);
    }
    /** {@code passed}: rounds, with the part of the one that runs. */
    private void animate(float passed) {
        int round = passed > 0 && passed == Math.floor(passed) ? (int) passed - 1 : (int) passed;
        float part = passed - round;
        boolean back = mReversed ^ (mRepeatMode == REVERSE && round % 2 == 1);
        animateValue(mInterpolator.getInterpolation(back ? 1 - part : part));
    }
    void animateValue(float fraction) {
        mFraction = fraction;
        for (PropertyValuesHolder one : mValues) one.move(fraction, target());
        for (AnimatorUpdateListener l : new ArrayList<>(mUpdateListeners)) l.onAnimationUpdate(this);
    }
    Object target() { return null; }
    public void setCurrentFraction(float fraction) { animate(fraction); }
    public void setCurrentPlayTime(long playTime) { animate(mDuration > 0 ? (float) playTime / mDuration : 1); }
    private void stop() {
        mStarted = mRunning = false;
        if (mHandler != null) mHandler.removeCallbacksAndMessages(null);
    }
    private void finish() {
        stop();
        tell(l -> l.onAnimationEnd(this, mReversed));
    }
    @Override public void cancel() {
        if (!mStarted) return;
        boolean began = mRunning;
        stop();
        if (!began) tell(l -> l.onAnimationStart(this, mReversed));
        tell(l -> l.onAnimationCancel(this));
        tell(l -> l.onAnimationEnd(this, mReversed));
    }
    @Override public void end() {
        if (!mStarted) start(false);
        if (!mRunning) begin();
        animate(mRepeatCount == INFINITE ? 1 : mRepeatCount + 1);
        finish();
    }
    @Override public void pause() { if (mStarted && !isPaused()) mPausedAt = SystemClock.uptimeMillis(); }
    @Override public void resume() {
        if (!isPaused()) return;
        mBegan += SystemClock.uptimeMillis() - mPausedAt;
        mPausedAt = -1;
        if (mRunning) mHandler.post(mFrame);
    }
    @Override public ValueAnimator clone() {
        ValueAnimator copy = (ValueAnimator) super.clone();
        copy.mUpdateListeners = new ArrayList<>(mUpdateListeners);
        copy.mStarted = copy.mRunning = false;
        return copy;
    }
}
