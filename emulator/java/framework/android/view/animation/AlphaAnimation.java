package android.view.animation;

public class AlphaAnimation extends Animation {
    public AlphaAnimation(float fromAlpha, float toAlpha) {}
}
