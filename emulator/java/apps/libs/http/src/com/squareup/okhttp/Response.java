package com.squareup.okhttp;

public final class Response {
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
}
