package android.webkit;

public class WebChromeClient {
    public void onReceivedTitle(WebView view, String title) {}
}
