package com.android.webview.chromium;

import android.os.Handler;
import android.os.Looper;
import android.webkit.CookieManager;
import android.webkit.ValueCallback;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import standin.Read;

/** Cookies of the process, by host. */
public class CookieManagerAdapter extends CookieManager {
    private final Map<String, Map<String, String>> jars = new LinkedHashMap<>();
    private boolean accept = true;

    private static String host(String url) {
        try {
            String host = URI.create(url.contains("://") ? url : "https://" + url).getHost();
            return host == null ? url : host;
        } catch (IllegalArgumentException strange) {
            return url;
        }
    }

    @Override
    public synchronized String getCookie(String url) {
        return Read.give("webview_id", "com.android.webview.chromium.CookieManagerAdapter", "getCookie", sent(url));
    }

    /** What the engine itself sends: no call of the app. */
    public synchronized String sent(String url) {
        Map<String, String> jar = jars.get(host(url));
        return jar == null ? null : String.join("; ", jar.values());
    }

    @Override
    public synchronized void setCookie(String url, String value) {
        keep(url, value);
    }

    /** What a server sets. */
    public synchronized void keep(String url, String value) {
        String pair = value.split(";", 2)[0].trim();
        if (accept) jars.computeIfAbsent(host(url), key -> new LinkedHashMap<>()).put(pair.split("=", 2)[0], pair);
    }

    @Override
    public void setCookie(String url, String value, ValueCallback<Boolean> callback) {
        setCookie(url, value);
        answer(callback, accept);
    }

    private static void answer(ValueCallback<Boolean> callback, boolean value) {
        if (callback == null) return;
        if (Looper.myLooper() == null) throw new IllegalStateException("Callback must be called on a thread with a running Looper.");
        new Handler().post(() -> callback.onReceiveValue(value));
    }

    @Override
    public void setAcceptCookie(boolean accept) {
        this.accept = accept;
    }

    @Override
    public boolean acceptCookie() {
        return accept;
    }

    @Override
    public synchronized void removeAllCookies(ValueCallback<Boolean> callback) {
        boolean any = !jars.isEmpty();
        jars.clear();
        answer(callback, any);
    }

    @Override
    public void flush() {}
}
