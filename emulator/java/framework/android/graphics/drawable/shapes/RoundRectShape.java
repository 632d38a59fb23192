package android.graphics.drawable.shapes;

public class RoundRectShape extends RectShape {
    public RoundRectShape(float[] outerRadii, android.graphics.RectF inset, float[] innerRadii) {}
}
