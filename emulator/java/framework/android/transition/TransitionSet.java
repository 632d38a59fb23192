package android.transition;

public class TransitionSet extends Transition {
    public static final int ORDERING_TOGETHER = 0;
    public static final int ORDERING_SEQUENTIAL = 1;

    public TransitionSet addTransition(Transition one) { return this; }
    public TransitionSet setOrdering(int ordering) { return this; }
}
