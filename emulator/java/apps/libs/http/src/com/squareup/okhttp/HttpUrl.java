package com.squareup.okhttp;

public final class HttpUrl {
    private final String url;

    private HttpUrl(String url) {
        this.url = url;
    }

    public static HttpUrl parse(String url) {
        return new HttpUrl(url);
    }

    @Override
    public String toString() {
        return url;
    }
}
