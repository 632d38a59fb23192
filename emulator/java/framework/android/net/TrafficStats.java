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
    public static long getTotalRxPackets() { return UNSUPPORTED; }
    public static long getTotalTxPackets() { return UNSUPPORTED; }
    public static long getMobileRxPackets() { return UNSUPPORTED; }
    public static long getMobileTxPackets() { return UNSUPPORTED; }
    public static long getUidRxPackets(int uid) { return UNSUPPORTED; }
    public static long getUidTxPackets(int uid) { return UNSUPPORTED; }
    public static void setThreadStatsUid(int uid) {}
    public static void clearThreadStatsUid() {}
    public static void incrementOperationCount(int count) {}
    public static void tagSocket(java.net.Socket socket) {}
    public static void untagSocket(java.net.Socket socket) {}
}
