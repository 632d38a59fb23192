package android.animation;

public class StateListAnimator {
    public void addState(int[] specs, Animator animator) {}
    public void jumpToCurrentState() {}
}
