package android.net.http;

public class SslError {
    public static final int SSL_NOTYETVALID = 0;
    public static final int SSL_EXPIRED = 1;
    public static final int SSL_IDMISMATCH = 2;
    public static final int SSL_UNTRUSTED = 3;
    public static final int SSL_DATE_INVALID = 4;
    public static final int SSL_INVALID = 5;
    private final int mError;
    private final String mUrl;

    public SslError(int error, java.security.cert.X509Certificate certificate, String url) {
        mError = error;
        mUrl = url;
    }
    public int getPrimaryError() { return mError; }
    public boolean hasError(int error) { return mError == error; }
    public String getUrl() { return mUrl; }
}
