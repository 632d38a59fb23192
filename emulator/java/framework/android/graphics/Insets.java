package android.graphics;

public final class Insets {
    public static final Insets NONE = new Insets(0, 0, 0, 0);
    public final int left;
    public final int top;
    public final int right;
    public final int bottom;

    private Insets(int left, int top, int right, int bottom) {
        this.left = left;
        this.top = top;
        this.right = right;
        this.bottom = bottom;
    }

    public static Insets of(int left, int top, int right, int bottom) { return new Insets(left, top, right, bottom); }
    public static Insets of(Rect r) { return of(r.left, r.top, r.right, r.bottom); }
    @Override public boolean equals(Object o) { return o instanceof Insets && toString().equals(o.toString()); }
    @Override public int hashCode() { return java.util.Objects.hash(left, top, right, bottom); }
    @Override public String toString() { return "Insets{left=" + left + ", top=" + top + ", right=" + right + ", bottom=" + bottom + "}"; }
}
