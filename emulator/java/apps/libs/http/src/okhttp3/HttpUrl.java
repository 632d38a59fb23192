package okhttp3;

import java.net.URI;

public final class HttpUrl {
    private final String url;

    private HttpUrl(String url) {
        this.url = url;
    }

    public static HttpUrl get(String url) {
        return new HttpUrl(url);
    }

    public URI uri() {
        return URI.create(url);
    }

    public String host() {
        return uri().getHost();
    }

    @Override
    public String toString() {
        return url;
    }
}
