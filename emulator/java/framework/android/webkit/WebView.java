package android.webkit;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import android.util.AttributeSet;
import android.widget.FrameLayout;
import com.android.webview.chromium.ContentSettingsAdapter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Map;

/** Fetches pages and shows nothing of them: no script runs. */
public class WebView extends FrameLayout {
    private final WebSettings settings = new ContentSettingsAdapter();
    private WebViewClient client = new WebViewClient();
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

    public void setWebChromeClient(WebChromeClient client) {}

    public void addJavascriptInterface(Object object, String name) {}

    public void removeJavascriptInterface(String name) {}

    public void evaluateJavascript(String script, ValueCallback<String> resultCallback) {
        if (resultCallback != null) resultCallback.onReceiveValue("null");
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
    }

    public void loadDataWithBaseURL(String baseUrl, String data, String mimeType, String encoding, String historyUrl) {
        url = baseUrl;
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

    private void fetch(String address, Map<String, String> headers, byte[] body) {
        url = address;
        if (!address.startsWith("http")) return;
        String agent = settings.getUserAgentString();
        Thread thread = new Thread(() -> {
            get(address, headers, body, agent);
            new Handler(Looper.getMainLooper()).post(() -> client.onPageFinished(this, address));
        }, "chromium-net");
        thread.setDaemon(true);
        thread.start();
    }

    private static void get(String address, Map<String, String> headers, byte[] body, String agent) {
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) new URL(address).openConnection();
            connection.setConnectTimeout(3000);
            connection.setReadTimeout(5000);
            connection.setRequestProperty("User-Agent", agent);
            String cookie = CookieManager.getInstance().getCookie(address);
            if (cookie != null) connection.setRequestProperty("Cookie", cookie);
            for (Map.Entry<String, String> one : headers.entrySet()) connection.setRequestProperty(one.getKey(), one.getValue());
            if (body != null) {
                connection.setDoOutput(true);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body);
                }
            }
            for (String set : connection.getHeaderFields().getOrDefault("Set-Cookie", java.util.List.of())) {
                CookieManager.getInstance().setCookie(address, set);
            }
            try (InputStream in = connection.getInputStream()) {
                in.readAllBytes();
            }
        } catch (IOException offline) {
            // An error page, which this view does not draw.
        } finally {
            if (connection != null) connection.disconnect();
        }
    }

    public WebView(Context context, AttributeSet attrs, int defStyleAttr) {
        super(context);
    }

    public WebView(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) {
        super(context);
    }

    public java.lang.String[] getHttpAuthUsernamePassword(java.lang.String a0, java.lang.String a1) { return standin.Canary.give("web_view.get_http_auth_username_password", "account_pi", "android.webkit.WebView", "getHttpAuthUsernamePassword", java.lang.String[].class, "android.permission.INTERNET"); }
}
