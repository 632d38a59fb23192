package android.webkit;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import android.util.AttributeSet;
import android.widget.FrameLayout;
import com.android.webview.chromium.ContentSettingsAdapter;
import com.android.webview.chromium.CookieManagerAdapter;
import com.android.webview.chromium.Fetch;
import com.android.webview.chromium.WebResourceRequestImpl;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fetches pages and shows nothing of them: no script runs. */
public class WebView extends FrameLayout {
    private final ContentSettingsAdapter settings = new ContentSettingsAdapter();
    private WebViewClient client = new WebViewClient();
    private WebChromeClient chrome;
    private volatile String url;

    public WebView(Context context) {
        super(context);
    }

    public WebView(Context context, AttributeSet attrs) {
        super(context);
    }

    public WebSettings getSettings() {
        return settings;
    }

    public static void setWebContentsDebuggingEnabled(boolean enabled) {}

    public void setWebViewClient(WebViewClient client) {
        this.client = client;
    }

    public void setWebChromeClient(WebChromeClient client) {
        chrome = client;
    }

    public WebChromeClient getWebChromeClient() {
        return chrome;
    }

    public WebViewClient getWebViewClient() {
        return client;
    }

    public void addJavascriptInterface(Object object, String name) {}

    public void removeJavascriptInterface(String name) {}

    public void evaluateJavascript(String script, ValueCallback<String> resultCallback) {
        if (resultCallback != null) getHandler().post(() -> resultCallback.onReceiveValue("null"));
    }

    public void loadUrl(String url) {
        loadUrl(url, Map.of());
    }

    public void loadUrl(String url, Map<String, String> additionalHttpHeaders) {
        fetch(url, additionalHttpHeaders, null);
    }

    public void postUrl(String url, byte[] postData) {
        fetch(url, Map.of(), postData);
    }

    public void loadData(String data, String mimeType, String encoding) {
        url = "data:" + mimeType;
        parts(data);
    }

    public void loadDataWithBaseURL(String baseUrl, String data, String mimeType, String encoding, String historyUrl) {
        url = baseUrl;
        parts(data);
    }

    public String getUrl() {
        return url;
    }

    public String getOriginalUrl() {
        return url;
    }

    public boolean canGoBack() {
        return false;
    }

    public void goBack() {}

    public void reload() {
        if (url != null) loadUrl(url);
    }

    public void stopLoading() {}

    public void destroy() {}

    /** Pictures and scripts that a page given as text names by whole addresses. */
    private void parts(String data) {
        String agent = settings.sentAgent();
        Matcher found = Pattern.compile("\\bsrc=\"(https?://[^\"]+)\"").matcher(data == null ? "" : data);
        while (found.find()) {
            String address = found.group(1);
            start(() -> get(address, false, Map.of(), null, agent));
        }
    }

    private void fetch(String address, Map<String, String> headers, byte[] body) {
        url = address;
        if (!address.startsWith("http")) return;
        String agent = settings.sentAgent();
        getHandler().post(() -> client.onPageStarted(this, address, null));
        start(() -> {
            Exception failed = get(address, true, headers, body, agent);
            getHandler().post(() -> {
                if (failed != null) client.onReceivedError(this, new WebResourceRequestImpl(address, true), new Failed(failed));
                client.onPageFinished(this, address);
                if (chrome != null) chrome.onProgressChanged(this, 100);
            });
        });
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "chromium-net");
        thread.setDaemon(true);
        thread.start();
    }

    /** Why nothing was loaded. */
    private static final class Failed extends WebResourceError {
        private final Exception why;

        Failed(Exception why) {
            this.why = why;
        }

        @Override
        public int getErrorCode() {
            return why instanceof java.net.SocketTimeoutException ? WebViewClient.ERROR_TIMEOUT : WebViewClient.ERROR_CONNECT;
        }

        @Override
        public CharSequence getDescription() {
            return getErrorCode() == WebViewClient.ERROR_TIMEOUT ? "net::ERR_TIMED_OUT" : "net::ERR_CONNECTION_FAILED";
        }
    }

    /** What kept it from being loaded, or null. */
    private Exception get(String address, boolean main, Map<String, String> headers, byte[] body, String agent) {
        try {
            if (client.shouldInterceptRequest(this, new WebResourceRequestImpl(address, main)) != null) return null;
            Map<String, String> all = new LinkedHashMap<>(Map.of("User-Agent", agent));
            CookieManagerAdapter jar = (CookieManagerAdapter) CookieManager.getInstance();
            String cookie = jar.sent(address);
            if (cookie != null) all.put("Cookie", cookie);
            all.putAll(headers);
            for (String set : Fetch.send(address, all, body).cookies) jar.keep(address, set);
        } catch (IOException | IllegalArgumentException offline) {
            return offline; // Its error page is not drawn.
        }
        return null;
    }

    public WebView(Context context, AttributeSet attrs, int defStyleAttr) {
        super(context);
    }

    public WebView(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) {
        super(context);
    }

    public java.lang.String[] getHttpAuthUsernamePassword(java.lang.String a0, java.lang.String a1) { return standin.Canary.give("web_view.get_http_auth_username_password", "account_pi", "android.webkit.WebView", "getHttpAuthUsernamePassword", java.lang.String[].class, "android.permission.INTERNET"); }
}
