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
    public boolean onRenderProcessGone(WebView view, RenderProcessGoneDetail detail) { return false; }
    public void onFormResubmission(WebView view, android.os.Message dontResend, android.os.Message resend) { dontResend.sendToTarget(); }
    public void onReceivedHttpAuthRequest(WebView view, HttpAuthHandler handler, String host, String realm) { handler.cancel(); }
    public void onReceivedLoginRequest(WebView view, String realm, String account, String args) {}
    public void onScaleChanged(WebView view, float oldScale, float newScale) {}
    public void onUnhandledKeyEvent(WebView view, android.view.KeyEvent event) {}
    public boolean shouldOverrideKeyEvent(WebView view, android.view.KeyEvent event) { return false; }
    @Deprecated
    public void onTooManyRedirects(WebView view, android.os.Message cancel, android.os.Message go) { cancel.sendToTarget(); }
}
