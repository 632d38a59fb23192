package android.webkit;

public class WebViewClient {
    public boolean shouldOverrideUrlLoading(WebView view, String url) {
        return false;
    }

    public boolean shouldOverrideUrlLoading(WebView view, WebResourceRequest request) { return shouldOverrideUrlLoading(view, request.getUrl().toString()); }

    public void onPageStarted(WebView view, String url, android.graphics.Bitmap favicon) {}

    public void onPageFinished(WebView view, String url) {}

    public void onPageCommitVisible(WebView view, String url) {}

    public void onLoadResource(WebView view, String url) {}

    public void onReceivedError(WebView view, int errorCode, String description, String failingUrl) {}

    public void onReceivedError(WebView view, WebResourceRequest request, WebResourceError error) {
        if (request.isForMainFrame()) onReceivedError(view, error.getErrorCode(), error.getDescription().toString(), request.getUrl().toString());
    }

    public void onReceivedHttpError(WebView view, WebResourceRequest request, WebResourceResponse errorResponse) {}

    public void onReceivedSslError(WebView view, SslErrorHandler handler, android.net.http.SslError error) { handler.cancel(); }

    public void doUpdateVisitedHistory(WebView view, String url, boolean isReload) {}

    public WebResourceResponse shouldInterceptRequest(WebView view, WebResourceRequest request) {
        return shouldInterceptRequest(view, request.getUrl().toString());
    }

    public WebResourceResponse shouldInterceptRequest(WebView view, String url) {
        return null;
    }
}
