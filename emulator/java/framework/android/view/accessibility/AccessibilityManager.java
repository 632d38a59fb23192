package android.view.accessibility;

/** No service of that kind is on. */
public class AccessibilityManager {
    private static final AccessibilityManager ONLY = new AccessibilityManager();

    public interface AccessibilityStateChangeListener {
        void onAccessibilityStateChanged(boolean enabled);
    }

    public interface TouchExplorationStateChangeListener {
        void onTouchExplorationStateChanged(boolean enabled);
    }

    /** Hidden in the public API. */
    public static AccessibilityManager getInstance(android.content.Context context) { return ONLY; }
    public boolean isEnabled() { return false; }
    public boolean isTouchExplorationEnabled() { return false; }
    public boolean addAccessibilityStateChangeListener(AccessibilityStateChangeListener listener) { return true; }
    public void addAccessibilityStateChangeListener(AccessibilityStateChangeListener listener, android.os.Handler handler) {}
    public boolean removeAccessibilityStateChangeListener(AccessibilityStateChangeListener listener) { return true; }
    public boolean addTouchExplorationStateChangeListener(TouchExplorationStateChangeListener listener) { return true; }
    public void addTouchExplorationStateChangeListener(TouchExplorationStateChangeListener listener, android.os.Handler handler) {}
    public boolean removeTouchExplorationStateChangeListener(TouchExplorationStateChangeListener listener) { return true; }
    public void sendAccessibilityEvent(AccessibilityEvent event) { throw new IllegalStateException("Accessibility off. Did you forget to check that?"); }
    public void interrupt() {}
    public int getRecommendedTimeoutMillis(int original, int flags) { return original; }
    public static boolean isAccessibilityButtonSupported() { return true; }
}
