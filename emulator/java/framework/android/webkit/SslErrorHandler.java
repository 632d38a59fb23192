package android.webkit;

public class SslErrorHandler extends android.os.Handler {

    SslErrorHandler() { super(android.os.Looper.getMainLooper()); }
    public void proceed() {}
    public void cancel() {}
}
