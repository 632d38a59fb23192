package org.apache.http;

public class HttpResponse {
    private final int code;

    public HttpResponse(int code) {
        this.code = code;
    }

    /** In the library below getStatusLine(). */
    public int getStatusCode() {
        return code;
    }
}
