package android.view;

public final class ViewTreeObserver {
    public interface OnGlobalLayoutListener { void onGlobalLayout(); }

    public void addOnGlobalLayoutListener(OnGlobalLayoutListener l) {
        new android.os.Handler(android.os.Looper.getMainLooper()).post(l::onGlobalLayout);
    }

    public void removeOnGlobalLayoutListener(OnGlobalLayoutListener l) {}
    public boolean isAlive() { return true; }
}
