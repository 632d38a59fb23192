package com.squareup.okhttp;

import java.nio.charset.StandardCharsets;

public final class Request {
    private final HttpUrl url;
    private final byte[] body;

    private Request(Builder builder) {
        url = builder.url;
        body = builder.body;
    }

    public HttpUrl httpUrl() {
        return url;
    }

    public String method() {
        return body.length == 0 ? "GET" : "POST";
    }

    byte[] body() {
        return body;
    }

    public static class Builder {
        private HttpUrl url;
        private byte[] body = {};

        public Builder url(String url) {
            this.url = HttpUrl.parse(url);
            return this;
        }

        /** In the library a RequestBody. */
        public Builder post(String body) {
            this.body = body.getBytes(StandardCharsets.UTF_8);
            return this;
        }

        public Request build() {
            return new Request(this);
        }
    }
}
