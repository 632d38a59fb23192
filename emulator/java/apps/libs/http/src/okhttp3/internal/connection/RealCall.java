package okhttp3.internal.connection;

import java.io.IOException;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A call as OkHttp 4.4 and later make it. */
public final class RealCall implements Call {
    private final OkHttpClient client;
    private final Request originalRequest;
    private final boolean forWebSocket;

    public RealCall(OkHttpClient client, Request originalRequest, boolean forWebSocket) {
        this.client = client;
        this.originalRequest = originalRequest;
        this.forWebSocket = forWebSocket;
    }

    @Override
    public Request request() {
        return originalRequest;
    }

    @Override
    public Response execute() throws IOException {
        return getResponseWithInterceptorChain$okhttp();
    }

    @Override
    public void enqueue(Callback responseCallback) {
        client.dispatcher().executorService().execute(new AsyncCall(responseCallback));
    }

    public Response getResponseWithInterceptorChain$okhttp() throws IOException {
        return client.exchange(originalRequest, true);
    }

    final class AsyncCall implements Runnable {
        private final Callback responseCallback;

        AsyncCall(Callback responseCallback) {
            this.responseCallback = responseCallback;
        }

        @Override
        public void run() {
            try {
                responseCallback.onResponse(RealCall.this, getResponseWithInterceptorChain$okhttp());
            } catch (IOException failed) {
                responseCallback.onFailure(RealCall.this, failed);
            }
        }
    }
}
