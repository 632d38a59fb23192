package android.webkit;

public class HttpAuthHandler extends android.os.Handler {
    HttpAuthHandler() { super(android.os.Looper.getMainLooper()); }

    public boolean useHttpAuthUsernamePassword() { return false; }
    public void cancel() {}
    public void proceed(String username, String password) {}
}
