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
    public static class MemoryInfo {
        public int dalvikPss;
        public int nativePss;
        public int otherPss;
        public int dalvikPrivateDirty;
        public int nativePrivateDirty;
        public int otherPrivateDirty;

        public int getTotalPss() { return dalvikPss + nativePss + otherPss; }
        public int getTotalPrivateDirty() { return dalvikPrivateDirty + nativePrivateDirty + otherPrivateDirty; }
        public int getTotalSharedDirty() { return 0; }
        public String getMemoryStat(String name) { return "summary.total-pss".equals(name) ? Integer.toString(getTotalPss()) : null; }
        public java.util.Map<String, String> getMemoryStats() { return new java.util.HashMap<>(java.util.Map.of("summary.total-pss", Integer.toString(getTotalPss()))); }
    }

    public static void getMemoryInfo(MemoryInfo info) {
        Runtime now = Runtime.getRuntime();
        info.dalvikPss = (int) ((now.totalMemory() - now.freeMemory()) >> 10);
    }
    public static long getPss() { return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 10; }
    public static long getNativeHeapSize() { return Runtime.getRuntime().totalMemory(); }
    public static long getNativeHeapFreeSize() { return Runtime.getRuntime().freeMemory(); }
    public static long threadCpuTimeNanos() { return SystemClock.currentThreadTimeMillis() * 1_000_000; }
    public static void startMethodTracing() {}
    public static void stopMethodTracing() {}
    public static String getRuntimeStat(String name) { return null; }
    public static java.util.Map<String, String> getRuntimeStats() { return new java.util.HashMap<>(); }
}
