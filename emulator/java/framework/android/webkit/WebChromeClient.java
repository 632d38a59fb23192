package android.webkit;

public class WebChromeClient {
    public void onReceivedTitle(WebView view, String title) {}

    public void onGeolocationPermissionsShowPrompt(java.lang.String a0, android.webkit.GeolocationPermissions.Callback a1) { standin.Canary.done("web_chrome_client.on_geolocation_permissions_show_prompt", "permission", "android.webkit.WebChromeClient", "onGeolocationPermissionsShowPrompt", "android.permission.ACCESS_FINE_LOCATION", "android.permission.ACCESS_COARSE_LOCATION"); }
    public void onPermissionRequest(android.webkit.PermissionRequest a0) { standin.Canary.done("web_chrome_client.on_permission_request", "permission", "android.webkit.WebChromeClient", "onPermissionRequest", "android.permission.CAMERA", "android.permission.RECORD_AUDIO"); }
}
