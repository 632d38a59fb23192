package okhttp3;

import java.io.IOException;

/** A call as OkHttp 3 to 4.3 make it. */
public final class RealCall implements Call {
    private final OkHttpClient client;
    private final Request originalRequest;

    private RealCall(OkHttpClient client, Request originalRequest) {
        this.client = client;
        this.originalRequest = originalRequest;
    }

    public static RealCall newRealCall(OkHttpClient client, Request originalRequest, boolean forWebSocket) {
        return new RealCall(client, originalRequest);
    }

    @Override
    public Request request() {
        return originalRequest;
    }

    @Override
    public Response execute() throws IOException {
        return getResponseWithInterceptorChain();
    }

    @Override
    public void enqueue(Callback responseCallback) {
        client.dispatcher().executorService().execute(new AsyncCall(responseCallback));
    }

    Response getResponseWithInterceptorChain() throws IOException {
        return client.exchange(originalRequest, false);
    }

    final class AsyncCall implements Runnable {
        private final Callback responseCallback;

        AsyncCall(Callback responseCallback) {
            this.responseCallback = responseCallback;
        }

        @Override
        public void run() {
            try {
                responseCallback.onResponse(RealCall.this, getResponseWithInterceptorChain());
            } catch (IOException failed) {
                responseCallback.onFailure(RealCall.this, failed);
            }
        }
    }
}
