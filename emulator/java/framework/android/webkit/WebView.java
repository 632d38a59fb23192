package android.webkit;

import android.content.Context;
import android.os.Looper;
import android.util.AttributeSet;
import android.widget.FrameLayout;
import com.android.webview.chromium.ContentSettingsAdapter;
import com.android.webview.chromium.CookieManagerAdapter;
import com.android.webview.chromium.Fetch;
import com.android.webview.chromium.Page;
import com.android.webview.chromium.WebResourceRequestImpl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Its pages are read by an engine of the device's, which has no network of its own: what a page asks for is fetched here. */
public class WebView extends FrameLayout {
    private static final int HOPS = 10;
    private static final String ASSETS = "file:///android_asset/";
    private final ContentSettingsAdapter settings = new ContentSettingsAdapter();
    private final Page page = new Page(this);
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

    public void addJavascriptInterface(Object object, String name) {
        page.add(object, name);
    }

    public void removeJavascriptInterface(String name) {
        page.add(null, name);
    }

    public void evaluateJavascript(String script, ValueCallback<String> resultCallback) {
        page.evaluate(script, result -> {
            if (resultCallback != null) getHandler().post(() -> resultCallback.onReceiveValue(result));
        });
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
        shown("data:" + mimeType, data);
    }

    public void loadDataWithBaseURL(String baseUrl, String data, String mimeType, String encoding, String historyUrl) {
        shown(baseUrl == null ? "about:blank" : baseUrl, data);
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

    public void destroy() {
        page.close();
    }

    // its page, as the device sees and taps it

    @Override protected java.util.List<Object> standinChildren() {
        java.util.List<Object> all = super.standinChildren();
        all.addAll(page.nodes());
        return all;
    }

    @Override public android.view.View standinFind(int node) { return page.has(node) ? this : super.standinFind(node); }

    @Override public boolean standinTap(int node) { return page.has(node) ? page.tap(node) : super.standinTap(node); }

    public void standinType(int node, String text) { page.type(node, text); }

    /** The stand-in's own: a link or a script of the page leads to an address. */
    public void standinGo(String address) {
        if (!client.shouldOverrideUrlLoading(this, new WebResourceRequestImpl(address, true))) fetch(address, Map.of(), null);
    }

    /** The stand-in's own: what a part of the page is, null = it was not loaded. */
    public Fetch standinPart(String address, Map<String, String> headers, byte[] body) {
        try {
            if (address.startsWith(ASSETS)) return Fetch.of(kind(address), getContext().getAssets().open(address.substring(ASSETS.length())));
            return get(address, false, headers, body, settings.sentAgent(), 0);
        } catch (IOException | IllegalArgumentException offline) {
            return null;
        }
    }

    private void shown(String address, String html) {
        url = address;
        getHandler().post(() -> {
            client.onPageStarted(this, address, null);
            done(address, html == null ? "" : html);
        });
    }

    private void done(String address, String html) {
        url = address;
        page.show(address, html, settings.getJavaScriptEnabled());
        client.onPageFinished(this, address);
        if (chrome != null) chrome.onProgressChanged(this, 100);
    }

    private void fetch(String address, Map<String, String> headers, byte[] body) {
        if (address.startsWith("javascript:")) {
            page.evaluate(address.substring("javascript:".length()), result -> {});
            return;
        }
        url = address;
        if (address.startsWith(ASSETS)) {
            shown(address, asset(address.substring(ASSETS.length())));
            return;
        }
        if (!address.startsWith("http")) return;
        String agent = settings.sentAgent();
        getHandler().post(() -> client.onPageStarted(this, address, null));
        start(() -> {
            try {
                Fetch got = get(address, true, headers, body, agent, 0);
                getHandler().post(() -> done(got.address == null ? address : got.address, got.text()));
            } catch (IOException | IllegalArgumentException offline) { // Its error page is not drawn.
                getHandler().post(() -> {
                    client.onReceivedError(this, new WebResourceRequestImpl(address, true), new Failed(offline));
                    client.onPageFinished(this, address);
                });
            }
        });
    }

    private String asset(String name) {
        try (InputStream in = getContext().getAssets().open(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException missing) {
            return "";
        }
    }

    private static String kind(String address) {
        return MimeTypeMap.getSingleton().getMimeTypeFromExtension(MimeTypeMap.getFileExtensionFromUrl(address));
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

    private Fetch get(String address, boolean main, Map<String, String> headers, byte[] body, String agent, int hops) throws IOException {
        WebResourceResponse own = client.shouldInterceptRequest(this, new WebResourceRequestImpl(address, main));
        if (own != null) return Fetch.of(own.getMimeType(), own.getData());
        Map<String, String> all = new LinkedHashMap<>(Map.of("User-Agent", agent));
        CookieManagerAdapter jar = (CookieManagerAdapter) CookieManager.getInstance();
        String cookie = jar.sent(address);
        if (cookie != null) all.put("Cookie", cookie);
        all.putAll(headers);
        Fetch made = Fetch.send(address, all, body);
        for (String set : made.cookies) jar.keep(address, set);
        made.address = address;
        boolean leads = made.status / 100 == 3 && made.location != null && made.location.startsWith("http") && hops < HOPS;
        return leads ? get(made.location, main, headers, null, agent, hops + 1) : made;
    }

    public WebView(Context context, AttributeSet attrs, int defStyleAttr) {
        super(context);
    }

    public WebView(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) {
        super(context);
    }

    public java.lang.String[] getHttpAuthUsernamePassword(java.lang.String a0, java.lang.String a1) { return standin.Canary.give("web_view.get_http_auth_username_password", "account_pi", "android.webkit.WebView", "getHttpAuthUsernamePassword", java.lang.String[].class, "android.permission.INTERNET"); }
    public static final class HitTestResult {
        public static final int UNKNOWN_TYPE = 0;
        public static final int PHONE_TYPE = 2;
        public static final int EMAIL_TYPE = 4;
        public static final int IMAGE_TYPE = 5;
        public static final int SRC_ANCHOR_TYPE = 7;
        public static final int SRC_IMAGE_ANCHOR_TYPE = 8;

        public int getType() { return UNKNOWN_TYPE; }
        public String getExtra() { return null; }
    }

    public interface FindListener {
        void onFindResultReceived(int active, int count, boolean done);
    }

    public class WebViewTransport {
        private WebView made;

        public void setWebView(WebView webview) { made = webview; }
        public WebView getWebView() { return made; }
    }

    public static void setDataDirectorySuffix(String suffix) {}
    public static void disableWebView() {}
    public static void enableSlowWholeDocumentDraw() {}
    public static void startSafeBrowsing(Context context, ValueCallback<Boolean> callback) { if (callback != null) standin.Later.on(null).post(() -> callback.onReceiveValue(false)); }
    public static android.content.pm.PackageInfo getCurrentWebViewPackage() { return null; }
    public String getTitle() { return page.title(); }
    public int getProgress() { return 100; }
    public int getContentHeight() { return 0; }
    public float getScale() { return 1f; }
    public android.graphics.Bitmap getFavicon() { return null; }
    public android.net.http.SslCertificate getCertificate() { return null; }
    public HitTestResult getHitTestResult() { return new HitTestResult(); }
    public boolean canGoForward() { return false; }
    public boolean canGoBackOrForward(int steps) { return false; }
    public void goForward() {}
    public void goBackOrForward(int steps) {}
    public WebBackForwardList copyBackForwardList() {
        return new WebBackForwardList() {
            @Override public WebHistoryItem getCurrentItem() { return null; }
            @Override public int getCurrentIndex() { return -1; }
            @Override public WebHistoryItem getItemAtIndex(int index) { return null; }
            @Override public int getSize() { return 0; }
        };
    }
    public WebBackForwardList saveState(android.os.Bundle out) { return copyBackForwardList(); }
    public WebBackForwardList restoreState(android.os.Bundle in) { return null; }
    public void onPause() {}
    public void onResume() {}
    public void pauseTimers() {}
    public void resumeTimers() {}
    public void clearCache(boolean includeDiskFiles) {}
    public void clearHistory() {}
    public void clearFormData() {}
    public void clearMatches() {}
    public void clearSslPreferences() {}
    public static void clearClientCertPreferences(Runnable done) { if (done != null) standin.Later.on(null).post(done); }
    public void freeMemory() {}
    public void setFindListener(FindListener listener) {}
    public void findAllAsync(String find) {}
    public void findNext(boolean forward) {}
    public void flingScroll(int vx, int vy) {}
    public boolean pageUp(boolean top) { return false; }
    public boolean pageDown(boolean bottom) { return false; }
    public boolean zoomIn() { return false; }
    public boolean zoomOut() { return false; }
    public void zoomBy(float factor) {}
    public boolean canZoomIn() { return false; }
    public boolean canZoomOut() { return false; }
    public boolean isPrivateBrowsingEnabled() { return false; }
    public void setHttpAuthUsernamePassword(String host, String realm, String username, String password) {}
    public void saveWebArchive(String filename) {}
    public Looper getWebViewLooper() { return Looper.getMainLooper(); }
    public void postVisualStateCallback(long id, VisualStateCallback callback) { getHandler().post(() -> callback.onComplete(id)); }

    public abstract static class VisualStateCallback {
        public abstract void onComplete(long requestId);
    }
}
