package android.view;

public final class ViewAnimationUtils {
    private ViewAnimationUtils() {}

    public static android.animation.Animator createCircularReveal(View view, int x, int y, float start, float end) { return android.animation.ValueAnimator.ofFloat(start, end); }
}
