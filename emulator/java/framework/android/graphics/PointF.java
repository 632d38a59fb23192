package android.graphics;

public class PointF {
    public float x;
    public float y;

    public PointF() {}

    public PointF(float x, float y) { set(x, y); }
    public final void set(float x, float y) {
        this.x = x;
        this.y = y;
    }
    public final float length() { return (float) Math.hypot(x, y); }
    @Override public boolean equals(Object o) { return o instanceof PointF && ((PointF) o).x == x && ((PointF) o).y == y; }
    @Override public int hashCode() { return java.util.Objects.hash(x, y); }
    @Override public String toString() { return "PointF(" + x + ", " + y + ")"; }
}
