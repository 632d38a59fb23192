package android.view;

/** Two fingers never touch this screen. */
public class ScaleGestureDetector {
    public interface OnScaleGestureListener {
        boolean onScale(ScaleGestureDetector detector);

        boolean onScaleBegin(ScaleGestureDetector detector);

        void onScaleEnd(ScaleGestureDetector detector);
    }

    public static class SimpleOnScaleGestureListener implements OnScaleGestureListener {
        @Override public boolean onScale(ScaleGestureDetector detector) { return false; }
        @Override public boolean onScaleBegin(ScaleGestureDetector detector) { return true; }
        @Override public void onScaleEnd(ScaleGestureDetector detector) {}
    }

    public ScaleGestureDetector(android.content.Context context, OnScaleGestureListener listener) {}
    public ScaleGestureDetector(android.content.Context context, OnScaleGestureListener listener, android.os.Handler handler) {}

    public boolean onTouchEvent(MotionEvent event) { return true; }
    public boolean isInProgress() { return false; }
    public float getScaleFactor() { return 1f; }
    public float getFocusX() { return 0f; }
    public float getFocusY() { return 0f; }
    public float getCurrentSpan() { return 0f; }
    public float getPreviousSpan() { return 0f; }
    public void setQuickScaleEnabled(boolean on) {}
}
