package android.graphics;

public class RectF {
    public float left;
    public float top;
    public float right;
    public float bottom;

    public RectF() {}

    public RectF(float l, float t, float r, float b) { set(l, t, r, b); }
    public RectF(Rect r) { set(r.left, r.top, r.right, r.bottom); }
    public RectF(RectF r) { if (r != null) set(r); }
    public void set(float l, float t, float r, float b) { left = l; top = t; right = r; bottom = b; }
    public void set(RectF r) { set(r.left, r.top, r.right, r.bottom); }
    public void setEmpty() { set(0, 0, 0, 0); }
    public boolean isEmpty() { return left >= right || top >= bottom; }
    public float width() { return right - left; }
    public float height() { return bottom - top; }
    public float centerX() { return (left + right) / 2; }
    public float centerY() { return (top + bottom) / 2; }
    public void offset(float dx, float dy) { set(left + dx, top + dy, right + dx, bottom + dy); }
    public void offsetTo(float l, float t) { offset(l - left, t - top); }
    public void inset(float dx, float dy) { set(left + dx, top + dy, right - dx, bottom - dy); }
    public boolean contains(float x, float y) { return !isEmpty() && x >= left && x < right && y >= top && y < bottom; }
    public boolean contains(RectF r) { return !isEmpty() && left <= r.left && top <= r.top && right >= r.right && bottom >= r.bottom; }
    public static boolean intersects(RectF a, RectF b) { return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom; }
    public boolean intersect(RectF r) {
        if (!intersects(this, r)) return false;
        set(Math.max(left, r.left), Math.max(top, r.top), Math.min(right, r.right), Math.min(bottom, r.bottom));
        return true;
    }
    public void union(RectF r) {
        if (r.isEmpty()) return;
        if (isEmpty()) set(r);
        else set(Math.min(left, r.left), Math.min(top, r.top), Math.max(right, r.right), Math.max(bottom, r.bottom));
    }
    @Override public boolean equals(Object o) { return o instanceof RectF && ((RectF) o).left == left && ((RectF) o).top == top && ((RectF) o).right == right && ((RectF) o).bottom == bottom; }
    @Override public int hashCode() { return java.util.Objects.hash(left, top, right, bottom); }
    @Override public String toString() { return "RectF(" + left + ", " + top + " - " + right + ", " + bottom + ")"; }
}
