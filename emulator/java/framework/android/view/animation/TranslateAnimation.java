package android.view.animation;

public class TranslateAnimation extends Animation {
    public TranslateAnimation(float fromX, float toX, float fromY, float toY) {}

    public TranslateAnimation(int fromXType, float fromX, int toXType, float toX, int fromYType, float fromY, int toYType, float toY) {}
}
