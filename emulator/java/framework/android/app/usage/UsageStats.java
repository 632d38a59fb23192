package android.app.usage;

public final class UsageStats {
    private final String name;

    UsageStats(String name) {
        this.name = name;
    }

    public String getPackageName() {
        return name;
    }

    public long getTotalTimeInForeground() {
        return 0;
    }
}
