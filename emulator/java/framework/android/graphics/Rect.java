package android.graphics;

public final class Rect {
    public int left;
    public int top;
    public int right;
    public int bottom;

    public Rect() {}

    public Rect(int l, int t, int r, int b) { set(l, t, r, b); }
    public Rect(Rect r) { if (r != null) set(r); }
    public void set(int l, int t, int r, int b) { left = l; top = t; right = r; bottom = b; }
    public void set(Rect r) { set(r.left, r.top, r.right, r.bottom); }
    public void setEmpty() { set(0, 0, 0, 0); }
    public boolean isEmpty() { return left >= right || top >= bottom; }
    public int width() { return right - left; }
    public int height() { return bottom - top; }
    public int centerX() { return (left + right) / 2; }
    public int centerY() { return (top + bottom) / 2; }
    public void offset(int dx, int dy) { set(left + dx, top + dy, right + dx, bottom + dy); }
    public void offsetTo(int l, int t) { offset(l - left, t - top); }
    public void inset(int dx, int dy) { set(left + dx, top + dy, right - dx, bottom - dy); }
    public boolean contains(int x, int y) { return !isEmpty() && x >= left && x < right && y >= top && y < bottom; }
    public boolean contains(Rect r) { return !isEmpty() && left <= r.left && top <= r.top && right >= r.right && bottom >= r.bottom; }
    public static boolean intersects(Rect a, Rect b) { return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom; }
    public boolean intersect(Rect r) {
        if (!intersects(this, r)) return false;
        set(Math.max(left, r.left), Math.max(top, r.top), Math.min(right, r.right), Math.min(bottom, r.bottom));
        return true;
    }
    public void union(Rect r) {
        if (r.isEmpty()) return;
        if (isEmpty()) set(r);
        else set(Math.min(left, r.left), Math.min(top, r.top), Math.max(right, r.right), Math.max(bottom, r.bottom));
    }
    @Override public boolean equals(Object o) { return o instanceof Rect && ((Rect) o).left == left && ((Rect) o).top == top && ((Rect) o).right == right && ((Rect) o).bottom == bottom; }
    @Override public int hashCode() { return java.util.Objects.hash(left, top, right, bottom); }
    @Override public String toString() { return "Rect(" + left + ", " + top + " - " + right + ", " + bottom + ")"; }
    public float exactCenterX() { return (left + right) * 0.5f; }
    public float exactCenterY() { return (top + bottom) * 0.5f; }
    public void union(int l, int t, int r, int b) { if (l < r && t < b) union(new Rect(l, t, r, b)); }
    public boolean contains(int l, int t, int r, int b) { return contains(new Rect(l, t, r, b)); }
    public boolean intersect(int l, int t, int r, int b) { return intersect(new Rect(l, t, r, b)); }
    public boolean intersects(int l, int t, int r, int b) { return intersects(this, new Rect(l, t, r, b)); }
    public boolean setIntersect(Rect a, Rect b) {
        Rect copy = new Rect(a);
        if (!copy.intersect(b)) return false;
        set(copy);
        return true;
    }
    public void sort() { set(Math.min(left, right), Math.min(top, bottom), Math.max(left, right), Math.max(top, bottom)); }
    public String toShortString() { return "[" + left + "," + top + "][" + right + "," + bottom + "]"; }
    public String flattenToString() { return left + " " + top + " " + right + " " + bottom; }
    public static Rect unflattenFromString(String str) {
        String[] p = str == null ? new String[0] : str.split(" ");
        return p.length != 4 ? null : new Rect(Integer.parseInt(p[0]), Integer.parseInt(p[1]), Integer.parseInt(p[2]), Integer.parseInt(p[3]));
    }
}
