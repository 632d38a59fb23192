package android.view.animation;

public class RotateAnimation extends Animation {
    public RotateAnimation(float fromDegrees, float toDegrees) {}

    public RotateAnimation(float fromDegrees, float toDegrees, float pivotX, float pivotY) {}

    public RotateAnimation(float fromDegrees, float toDegrees, int pivotXType, float pivotX, int pivotYType, float pivotY) {}
}
