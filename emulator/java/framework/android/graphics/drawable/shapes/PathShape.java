package android.graphics.drawable.shapes;

public class PathShape extends Shape {
    public PathShape(android.graphics.Path path, float stdWidth, float stdHeight) {}
    @Override public void draw(android.graphics.Canvas canvas, android.graphics.Paint paint) {}
}
