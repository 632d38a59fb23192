package android.net;

/** Nothing is counted here, and it says so. */
public class TrafficStats {
    public static final int UNSUPPORTED = -1;

    public static long getTotalRxBytes() { return UNSUPPORTED; }
    public static long getTotalTxBytes() { return UNSUPPORTED; }
    public static long getMobileRxBytes() { return UNSUPPORTED; }
    public static long getMobileTxBytes() { return UNSUPPORTED; }
    public static long getUidRxBytes(int uid) { return UNSUPPORTED; }
    public static long getUidTxBytes(int uid) { return UNSUPPORTED; }
    public static void setThreadStatsTag(int tag) {}
    public static int getThreadStatsTag() { return UNSUPPORTED; }
    public static void clearThreadStatsTag() {}
}
