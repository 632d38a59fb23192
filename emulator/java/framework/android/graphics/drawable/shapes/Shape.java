package android.graphics.drawable.shapes;

public abstract class Shape implements Cloneable {
    private float width;
    private float height;

    public final void resize(float width, float height) {
        this.width = width;
        this.height = height;
        onResize(width, height);
    }
    protected void onResize(float width, float height) {}
    public final float getWidth() { return width; }
    public final float getHeight() { return height; }
    public boolean hasAlpha() { return true; }

    public abstract void draw(android.graphics.Canvas canvas, android.graphics.Paint paint);
}
