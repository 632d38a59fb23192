package android.transition;

public class ChangeBounds extends Transition {
}
