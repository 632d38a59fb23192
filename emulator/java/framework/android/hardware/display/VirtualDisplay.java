package android.hardware.display;

public final class VirtualDisplay {
    /** Hidden constructor. */
    public VirtualDisplay() {}

    public void release() {}

    public abstract static class Callback {
        public void onPaused() {}

        public void onResumed() {}

        public void onStopped() {}
    }
}
