package com.squareup.okhttp;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import okio.Wire;

public class Call {
    private final OkHttpClient client;
    Request originalRequest;

    protected Call(OkHttpClient client, Request originalRequest) {
        this.client = client;
        this.originalRequest = originalRequest;
    }

    public Response execute() throws IOException {
        return getResponse();
    }

    public void enqueue(Callback responseCallback) {
        client.executor.execute(new AsyncCall(responseCallback));
    }

    private Response getResponse() throws IOException {
        URI to = URI.create(originalRequest.httpUrl().toString());
        Wire wire = client.pool.take(to);
        if (wire == null) wire = Wire.open(to, HttpsURLConnection.getDefaultSSLSocketFactory());
        int code = wire.send(originalRequest.method(), to, Map.of("Content-Type", "text/plain"), originalRequest.body());
        client.pool.give(to, wire);
        return new Response(originalRequest, code);
    }

    final class AsyncCall implements Runnable {
        private final Callback responseCallback;

        AsyncCall(Callback responseCallback) {
            this.responseCallback = responseCallback;
        }

        @Override
        public void run() {
            try {
                responseCallback.onResponse(getResponse());
            } catch (IOException failed) {
                responseCallback.onFailure(originalRequest, failed);
            }
        }
    }
}
