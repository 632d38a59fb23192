package android.webkit;

public class WebChromeClient {
    public abstract static class FileChooserParams {
        public abstract String[] getAcceptTypes();

        public abstract boolean isCaptureEnabled();

        public abstract android.content.Intent createIntent();
    }

    public interface CustomViewCallback { void onCustomViewHidden(); }

    public void onReceivedTitle(WebView view, String title) {}
    public void onReceivedIcon(WebView view, android.graphics.Bitmap icon) {}
    public void onProgressChanged(WebView view, int newProgress) {}
    public boolean onJsAlert(WebView view, String url, String message, JsResult result) { return false; }
    public boolean onJsConfirm(WebView view, String url, String message, JsResult result) { return false; }
    public boolean onJsPrompt(WebView view, String url, String message, String defaultValue, JsPromptResult result) { return false; }
    public boolean onConsoleMessage(ConsoleMessage consoleMessage) { return false; }
    public boolean onShowFileChooser(WebView webView, ValueCallback<android.net.Uri[]> filePathCallback, FileChooserParams params) { return false; }
    public void onShowCustomView(android.view.View view, CustomViewCallback callback) {}
    public void onHideCustomView() {}

    public void onGeolocationPermissionsShowPrompt(java.lang.String a0, android.webkit.GeolocationPermissions.Callback a1) { standin.Canary.done("web_chrome_client.on_geolocation_permissions_show_prompt", "permission", "android.webkit.WebChromeClient", "onGeolocationPermissionsShowPrompt", "android.permission.ACCESS_FINE_LOCATION", "android.permission.ACCESS_COARSE_LOCATION"); }
    public void onPermissionRequest(android.webkit.PermissionRequest a0) { standin.Canary.done("web_chrome_client.on_permission_request", "permission", "android.webkit.WebChromeClient", "onPermissionRequest", "android.permission.CAMERA", "android.permission.RECORD_AUDIO"); }
    public android.view.View getVideoLoadingProgressView() { return null; }
    public android.graphics.Bitmap getDefaultVideoPoster() { return null; }
    public void getVisitedHistory(ValueCallback<String[]> callback) {}
    public void onCloseWindow(WebView window) {}
    public boolean onCreateWindow(WebView view, boolean dialog, boolean userGesture, android.os.Message result) { return false; }
    public void onGeolocationPermissionsHidePrompt() {}
    public void onPermissionRequestCanceled(PermissionRequest request) {}
    public boolean onJsBeforeUnload(WebView view, String url, String message, JsResult result) { return false; }
    @Deprecated
    public boolean onJsTimeout() { return true; }
    @Deprecated
    public void onConsoleMessage(String message, int line, String source) {}
    public void onReceivedTouchIconUrl(WebView view, String url, boolean precomposed) {}
    public void onRequestFocus(WebView view) {}
}
