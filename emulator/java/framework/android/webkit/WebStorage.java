package android.webkit;

public class WebStorage {
    private static final WebStorage ONLY = new WebStorage();

    public interface QuotaUpdater {
        void updateQuota(long newQuota);
    }

    public static class Origin {
        public String getOrigin() { return ""; }
        public long getQuota() { return 0; }
        public long getUsage() { return 0; }
    }

    public static WebStorage getInstance() { return ONLY; }
    public void getOrigins(ValueCallback<java.util.Map> callback) { standin.Later.on(null).post(() -> callback.onReceiveValue(new java.util.HashMap<>())); }
    public void getUsageForOrigin(String origin, ValueCallback<Long> callback) { standin.Later.on(null).post(() -> callback.onReceiveValue(0L)); }
    public void getQuotaForOrigin(String origin, ValueCallback<Long> callback) { standin.Later.on(null).post(() -> callback.onReceiveValue(0L)); }
    public void deleteOrigin(String origin) {}
    public void deleteAllData() {}
}
