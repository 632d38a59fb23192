package android.webkit;

public class WebViewClient {
    public boolean shouldOverrideUrlLoading(WebView view, String url) {
        return false;
    }

    public void onPageFinished(WebView view, String url) {}

    public android.webkit.WebResourceResponse shouldInterceptRequest(android.webkit.WebView a0, android.webkit.WebResourceRequest a1) { return standin.Canary.give("web_view_client.should_intercept_request", "webview", "android.webkit.WebViewClient", "shouldInterceptRequest", android.webkit.WebResourceResponse.class); }
    public android.webkit.WebResourceResponse shouldInterceptRequest(android.webkit.WebView a0, java.lang.String a1) { return standin.Canary.give("web_view_client.should_intercept_request", "webview", "android.webkit.WebViewClient", "shouldInterceptRequest", android.webkit.WebResourceResponse.class); }
}
