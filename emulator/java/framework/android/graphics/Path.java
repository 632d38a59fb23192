package android.graphics;

/** Of its lines only whether there are any is known: nothing is drawn here. */
public class Path {
    public enum Direction { CW, CCW }
    public enum FillType { WINDING, EVEN_ODD, INVERSE_WINDING, INVERSE_EVEN_ODD }

    private boolean mEmpty = true;

    public Path() {}

    public Path(Path src) { mEmpty = src.mEmpty; }
    public boolean isEmpty() { return mEmpty; }
    public void reset() { mEmpty = true; }
    public void rewind() { mEmpty = true; }
    public void moveTo(float x, float y) { mEmpty = false; }
    public void lineTo(float x, float y) { mEmpty = false; }
    public void rLineTo(float dx, float dy) { mEmpty = false; }
    public void quadTo(float x1, float y1, float x2, float y2) { mEmpty = false; }
    public void cubicTo(float x1, float y1, float x2, float y2, float x3, float y3) { mEmpty = false; }
    public void arcTo(RectF oval, float startAngle, float sweepAngle) { mEmpty = false; }
    public void addRect(RectF rect, Direction dir) { mEmpty = false; }
    public void addRoundRect(RectF rect, float rx, float ry, Direction dir) { mEmpty = false; }
    public void addRoundRect(RectF rect, float[] radii, Direction dir) { mEmpty = false; }
    public void addCircle(float x, float y, float radius, Direction dir) { mEmpty = false; }
    public void addOval(RectF oval, Direction dir) { mEmpty = false; }
    public void addPath(Path src) { mEmpty &= src.mEmpty; }
    public void close() {}
    public void setFillType(FillType ft) {}
}
