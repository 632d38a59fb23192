package android.animation;

import java.util.ArrayList;

public abstract class Animator implements Cloneable {
    public static final long DURATION_INFINITE = -1;
    ArrayList<AnimatorListener> mListeners = new ArrayList<>();

    public interface AnimatorListener {
        default void onAnimationStart(Animator animation, boolean isReverse) { onAnimationStart(animation); }
        default void onAnimationEnd(Animator animation, boolean isReverse) { onAnimationEnd(animation); }
        void onAnimationStart(Animator animation);
        void onAnimationEnd(Animator animation);
        void onAnimationCancel(Animator animation);
        void onAnimationRepeat(Animator animation);
    }

    public interface AnimatorPauseListener {
        void onAnimationPause(Animator animation);

        void onAnimationResume(Animator animation);
    }

    public abstract long getStartDelay();
    public abstract void setStartDelay(long startDelay);
    public abstract Animator setDuration(long duration);
    public abstract long getDuration();
    public abstract void setInterpolator(TimeInterpolator value);
    public abstract boolean isRunning();

    public void start() {}
    public void cancel() {}
    public void end() {}
    public void pause() {}
    public void resume() {}
    public boolean isPaused() { return false; }
    public boolean isStarted() { return isRunning(); }
    public TimeInterpolator getInterpolator() { return null; }
    public void setTarget(Object target) {}
    public void addListener(AnimatorListener listener) { mListeners.add(listener); }
    public void removeListener(AnimatorListener listener) { mListeners.remove(listener); }
    public ArrayList<AnimatorListener> getListeners() { return mListeners.isEmpty() ? null : mListeners; }
    public void removeAllListeners() { mListeners.clear(); }
    void tell(java.util.function.Consumer<AnimatorListener> call) { for (AnimatorListener l : new ArrayList<>(mListeners)) call.accept(l); }
    @Override public Animator clone() {
        try {
            Animator copy = (Animator) super.clone();
            copy.mListeners = new ArrayList<>(mListeners);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
