package android.animation;

public class LayoutTransition {
    public static final int CHANGE_APPEARING = 0;
    public static final int CHANGE_DISAPPEARING = 1;
    public static final int APPEARING = 2;
    public static final int DISAPPEARING = 3;
    public static final int CHANGING = 4;

    public interface TransitionListener {
        void startTransition(LayoutTransition transition, android.view.ViewGroup container, android.view.View view, int type);

        void endTransition(LayoutTransition transition, android.view.ViewGroup container, android.view.View view, int type);
    }

    public void setDuration(long ms) {}
    public void setDuration(int type, long ms) {}
    public void setStartDelay(int type, long ms) {}
    public void setInterpolator(int type, TimeInterpolator interpolator) {}
    public void setAnimator(int type, Animator animator) {}
    public void setStagger(int type, long ms) {}
    public void enableTransitionType(int type) {}
    public void disableTransitionType(int type) {}
    public void addTransitionListener(TransitionListener listener) {}
    public void removeTransitionListener(TransitionListener listener) {}
    public boolean isRunning() { return false; }
}
