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
}
