package android.graphics.drawable.shapes;

public class ArcShape extends RectShape {
    public ArcShape(float startAngle, float sweepAngle) {}
}
