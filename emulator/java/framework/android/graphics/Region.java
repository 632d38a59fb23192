package android.graphics;

/** Its bounds only. */
public class Region {
    private final Rect bounds = new Rect();

    public enum Op { DIFFERENCE, INTERSECT, UNION, XOR, REVERSE_DIFFERENCE, REPLACE }

    public Region() {}
    public Region(Rect r) { set(r); }
    public Region(int l, int t, int r, int b) { set(l, t, r, b); }

    public boolean set(Rect r) { return set(r.left, r.top, r.right, r.bottom); }
    public boolean set(int l, int t, int r, int b) {
        bounds.set(l, t, r, b);
        return !isEmpty();
    }
    public void setEmpty() { bounds.setEmpty(); }
    public boolean setPath(Path path, Region clip) { return set(clip.bounds); }
    public boolean isEmpty() { return bounds.isEmpty(); }
    public boolean isRect() { return !isEmpty(); }
    public Rect getBounds() { return new Rect(bounds); }
    public boolean getBounds(Rect out) {
        out.set(bounds);
        return !isEmpty();
    }
    public boolean contains(int x, int y) { return bounds.contains(x, y); }
    public boolean union(Rect r) {
        if (isEmpty()) return set(r);
        return set(Math.min(bounds.left, r.left), Math.min(bounds.top, r.top), Math.max(bounds.right, r.right), Math.max(bounds.bottom, r.bottom));
    }
    public boolean op(Rect r, Op op) { return op == Op.UNION ? union(r) : op == Op.REPLACE ? set(r) : op != Op.INTERSECT || bounds.intersect(r); }
}
