package android.view;

/** The device lies still. */
public abstract class OrientationEventListener {
    public static final int ORIENTATION_UNKNOWN = -1;

    public OrientationEventListener(android.content.Context context) {}
    public OrientationEventListener(android.content.Context context, int rate) {}

    public void enable() {}
    public void disable() {}
    public boolean canDetectOrientation() { return true; }

    public abstract void onOrientationChanged(int orientation);
}
