package android.transition;

public class Explode extends Visibility {
}
