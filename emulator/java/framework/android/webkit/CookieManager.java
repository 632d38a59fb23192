package android.webkit;

import com.android.webview.chromium.CookieManagerAdapter;

public abstract class CookieManager {
    private static final CookieManager ONLY = new CookieManagerAdapter();

    public static CookieManager getInstance() {
        return ONLY;
    }

    public abstract String getCookie(String url);

    public abstract void setCookie(String url, String value);

    public abstract void setCookie(String url, String value, ValueCallback<Boolean> callback);

    public abstract void setAcceptCookie(boolean accept);

    public abstract boolean acceptCookie();

    public abstract void removeAllCookies(ValueCallback<Boolean> callback);

    public abstract void flush();

    private boolean thirdParty = true;

    public void setAcceptThirdPartyCookies(WebView webview, boolean accept) { thirdParty = accept; }
    public boolean acceptThirdPartyCookies(WebView webview) { return thirdParty; }
    public boolean hasCookies() { return false; }
    public void removeSessionCookies(ValueCallback<Boolean> callback) { if (callback != null) standin.Later.on(null).post(() -> callback.onReceiveValue(false)); }
    @Deprecated
    public void removeSessionCookie() {}
    @Deprecated
    public void removeAllCookie() { removeAllCookies(null); }
    @Deprecated
    public void removeExpiredCookie() {}
    public static boolean allowFileSchemeCookies() { return false; }
    public static void setAcceptFileSchemeCookies(boolean accept) {}
}
