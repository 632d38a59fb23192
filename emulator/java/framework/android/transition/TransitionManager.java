package android.transition;

public class TransitionManager {
    public static void beginDelayedTransition(android.view.ViewGroup root) { beginDelayedTransition(root, null); }
    public static void beginDelayedTransition(android.view.ViewGroup root, Transition transition) { if (transition != null) root.post(transition::run); }
    public static void endTransitions(android.view.ViewGroup root) {}
}
