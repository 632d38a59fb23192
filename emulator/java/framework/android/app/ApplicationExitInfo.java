package android.app;

public final class ApplicationExitInfo {
    public static final int REASON_UNKNOWN = 0;
    public static final int REASON_EXIT_SELF = 1;
    public static final int REASON_CRASH = 4;
    public static final int REASON_ANR = 6;

    private ApplicationExitInfo() {}

    public int getReason() { return REASON_UNKNOWN; }
    public long getTimestamp() { return 0; }
    public String getDescription() { return null; }
}
