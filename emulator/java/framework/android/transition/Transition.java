package android.transition;

/** Views change at once; the listeners hear of a start and an end. */
public abstract class Transition implements Cloneable {
    private final java.util.List<TransitionListener> listeners = new java.util.ArrayList<>();
    private long duration = -1;

    public interface TransitionListener {
        void onTransitionStart(Transition transition);

        void onTransitionEnd(Transition transition);

        void onTransitionCancel(Transition transition);

        void onTransitionPause(Transition transition);

        void onTransitionResume(Transition transition);
    }

    public Transition setDuration(long ms) { duration = ms; return this; }
    public long getDuration() { return duration; }
    public Transition setStartDelay(long ms) { return this; }
    public Transition setInterpolator(android.animation.TimeInterpolator interpolator) { return this; }
    public Transition addTarget(android.view.View target) { return this; }
    public Transition addTarget(int targetId) { return this; }
    public Transition removeTarget(android.view.View target) { return this; }
    public Transition excludeTarget(int targetId, boolean exclude) { return this; }
    public Transition excludeTarget(android.view.View target, boolean exclude) { return this; }
    public Transition excludeChildren(int targetId, boolean exclude) { return this; }
    public Transition addListener(TransitionListener one) { listeners.add(one); return this; }
    public Transition removeListener(TransitionListener one) { listeners.remove(one); return this; }

    void run() {
        for (TransitionListener one : new java.util.ArrayList<>(listeners)) {
            one.onTransitionStart(this);
            one.onTransitionEnd(this);
        }
    }
}
