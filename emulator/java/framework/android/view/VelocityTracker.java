package android.view;

public final class VelocityTracker {
    private MotionEvent first;
    private MotionEvent last;
    private float x;
    private float y;

    private VelocityTracker() {}

    public static VelocityTracker obtain() { return new VelocityTracker(); }
    public void recycle() { clear(); }
    public void clear() { first = last = null; }
    public void addMovement(MotionEvent event) {
        if (first == null || event.getAction() == MotionEvent.ACTION_DOWN) first = MotionEvent.obtain(event);
        last = MotionEvent.obtain(event);
    }
    public void computeCurrentVelocity(int units) { computeCurrentVelocity(units, Float.MAX_VALUE); }
    public void computeCurrentVelocity(int units, float max) {
        long ms = first == null ? 0 : last.getEventTime() - first.getEventTime();
        x = ms == 0 ? 0 : Math.max(-max, Math.min(max, (last.getX() - first.getX()) * units / ms));
        y = ms == 0 ? 0 : Math.max(-max, Math.min(max, (last.getY() - first.getY()) * units / ms));
    }
    public float getXVelocity() { return x; }
    public float getYVelocity() { return y; }
    public float getXVelocity(int id) { return x; }
    public float getYVelocity(int id) { return y; }
}
