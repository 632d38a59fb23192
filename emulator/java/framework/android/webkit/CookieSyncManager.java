package android.webkit;

@Deprecated
public final class CookieSyncManager {
    private static final CookieSyncManager ONLY = new CookieSyncManager();

    public static CookieSyncManager createInstance(android.content.Context context) { return ONLY; }
    public static CookieSyncManager getInstance() { return ONLY; }
    public void sync() {}
    public void startSync() {}
    public void stopSync() {}
    public void resetSync() {}
}
