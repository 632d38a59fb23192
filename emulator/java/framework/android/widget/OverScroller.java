package android.widget;

public class OverScroller extends Scroller {
    public OverScroller(android.content.Context context) { super(context); }
    public OverScroller(android.content.Context context, android.view.animation.Interpolator interpolator) { super(context, interpolator); }

    public void fling(int x, int y, int vx, int vy, int minX, int maxX, int minY, int maxY) { startScroll(x, y, Math.max(minX, Math.min(maxX, x + vx / 4)) - x, Math.max(minY, Math.min(maxY, y + vy / 4)) - y); }
    public void fling(int x, int y, int vx, int vy, int minX, int maxX, int minY, int maxY, int overX, int overY) { fling(x, y, vx, vy, minX, maxX, minY, maxY); }
    public boolean springBack(int x, int y, int minX, int maxX, int minY, int maxY) { return false; }
    public boolean isOverScrolled() { return false; }
    public float getCurrVelocity() { return 0f; }
    public void notifyHorizontalEdgeReached(int x, int finalX, int overX) {}
    public void notifyVerticalEdgeReached(int y, int finalY, int overY) {}
}
