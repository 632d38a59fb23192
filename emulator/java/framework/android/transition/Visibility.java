package android.transition;

public abstract class Visibility extends Transition {
}
