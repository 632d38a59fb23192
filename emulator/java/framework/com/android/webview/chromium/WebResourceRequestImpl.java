package com.android.webview.chromium;

import android.net.Uri;
import android.webkit.WebResourceRequest;

/** A request of a page, as the engine shows it to the app. */
public final class WebResourceRequestImpl implements WebResourceRequest {
    private final Uri url;
    private final boolean main;

    public WebResourceRequestImpl(String url, boolean main) {
        this.url = Uri.parse(url);
        this.main = main;
    }

    @Override
    public Uri getUrl() {
        return url;
    }

    @Override
    public boolean isForMainFrame() {
        return main;
    }

    @Override
    public String getMethod() {
        return "GET";
    }
}
