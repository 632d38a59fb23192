package android.graphics.drawable.shapes;

public class RectShape extends Shape {
    @Override public void draw(android.graphics.Canvas canvas, android.graphics.Paint paint) {}
}
