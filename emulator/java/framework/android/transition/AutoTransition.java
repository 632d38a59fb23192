package android.transition;

public class AutoTransition extends TransitionSet {
}
