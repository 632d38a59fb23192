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
    public void addArc(RectF oval, float startAngle, float sweepAngle) {}
    public void addArc(float l, float t, float r, float b, float startAngle, float sweepAngle) {}
    public void arcTo(float l, float t, float r, float b, float startAngle, float sweepAngle, boolean move) {}
    public void addOval(float l, float t, float r, float b, Direction dir) {}
    public void addRect(float l, float t, float r, float b, Direction dir) {}
    public void addRoundRect(float l, float t, float r, float b, float rx, float ry, Direction dir) {}
    public void rMoveTo(float dx, float dy) {}
    public void rQuadTo(float dx1, float dy1, float dx2, float dy2) {}
    public void rCubicTo(float x1, float y1, float x2, float y2, float x3, float y3) {}
    public void set(Path src) {}
    public void offset(float dx, float dy) {}
    public void transform(Matrix matrix) {}
    public void computeBounds(RectF bounds, boolean exact) { bounds.set(0, 0, 0, 0); }
    public boolean op(Path path, Op op) { return true; }
    public boolean op(Path a, Path b, Op op) { return true; }
    public enum Op { DIFFERENCE, INTERSECT, UNION, XOR, REVERSE_DIFFERENCE }
}
