package okhttp3;

import java.io.Closeable;

public final class Response implements Closeable {
    private final Request request;
    private final int code;

    Response(Request request, int code) {
        this.request = request;
        this.code = code;
    }

    public Request request() {
        return request;
    }

    public int code() {
        return code;
    }

    @Override
    public void close() {}
}
