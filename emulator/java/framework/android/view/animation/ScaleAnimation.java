package android.view.animation;

public class ScaleAnimation extends Animation {
    public ScaleAnimation(float fromX, float toX, float fromY, float toY) {}

    public ScaleAnimation(float fromX, float toX, float fromY, float toY, float pivotX, float pivotY) {}

    public ScaleAnimation(float fromX, float toX, float fromY, float toY, int pivotXType, float pivotX, int pivotYType, float pivotY) {}
}
