package android.graphics.drawable;

import android.graphics.drawable.shapes.Shape;

public class ShapeDrawable extends Drawable {
    private final android.graphics.Paint paint = new android.graphics.Paint();
    private Shape shape;
    private int width = -1;
    private int height = -1;

    public ShapeDrawable() {}
    public ShapeDrawable(Shape shape) { this.shape = shape; }

    public Shape getShape() { return shape; }
    public void setShape(Shape s) { shape = s; }
    public android.graphics.Paint getPaint() { return paint; }
    public void setPadding(int l, int t, int r, int b) {}
    public void setIntrinsicWidth(int v) { width = v; }
    public void setIntrinsicHeight(int v) { height = v; }
    @Override public int getIntrinsicWidth() { return width; }
    @Override public int getIntrinsicHeight() { return height; }
    @Override public void draw(android.graphics.Canvas canvas) { if (shape != null) shape.draw(canvas, paint); }
    @Override public void setAlpha(int alpha) {}
    @Override public void setColorFilter(android.graphics.ColorFilter filter) {}
    @Override public int getOpacity() { return -3; }
}
