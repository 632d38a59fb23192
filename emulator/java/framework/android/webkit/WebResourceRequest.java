package android.webkit;

import android.net.Uri;

public interface WebResourceRequest {
    Uri getUrl();

    boolean isForMainFrame();

    default java.util.Map<String, String> getRequestHeaders() { return new java.util.HashMap<>(); }

    default boolean hasGesture() { return false; }

    default boolean isRedirect() { return false; }

    String getMethod();
}
