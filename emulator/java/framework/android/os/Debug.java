package android.os;

public final class Debug {
    private Debug() {}

    public static boolean isDebuggerConnected() { return false; }
    public static boolean waitingForDebugger() { return standin.Launcher.isHeld(); }
    public static long getNativeHeapAllocatedSize() { return Runtime.getRuntime().totalMemory(); }

    /** Until the device lets the process go on. */
    public static void waitForDebugger() {
        standin.Launcher.waitForRelease();
    }
}
