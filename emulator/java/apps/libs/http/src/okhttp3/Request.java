package okhttp3;

public final class Request {
    private final HttpUrl url;
    private final String method;
    private final RequestBody body;

    private Request(Builder builder) {
        url = builder.url;
        method = builder.method;
        body = builder.body;
    }

    public HttpUrl url() {
        return url;
    }

    public String method() {
        return method;
    }

    public RequestBody body() {
        return body;
    }

    public static class Builder {
        private HttpUrl url;
        private String method = "GET";
        private RequestBody body;

        public Builder url(String url) {
            this.url = HttpUrl.get(url);
            return this;
        }

        public Builder post(RequestBody body) {
            this.method = "POST";
            this.body = body;
            return this;
        }

        public Request build() {
            return new Request(this);
        }
    }
}
