package cn.beacon.analytics.lab;

import com.android.volley.Request;
import com.android.volley.RequestQueue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RealCall;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.chromium.net.CronetEngine;
import org.chromium.net.UrlRequest;

/** A library that sends through the clients of the app it is in, and through its own. */
public final class BeaconClients {
    private static final String HOST = "https://clients.netlab.example/netlab/beacon/";

    private BeaconClients() {}

    /** One request each way. */
    public static void all(String id, OkHttpClient shared, CronetEngine engine, RequestQueue queue) throws Exception {
        OkHttpClient own = new OkHttpClient();
        own.newCall(request("ok-own", id)).execute().close();
        own.newCall(request("ok-own-again", id)).execute().close();
        RealCall.newRealCall(own, request("ok-old", id), false).execute().close();
        CountDownLatch done = new CountDownLatch(7);
        shared.newCall(request("ok", id)).execute().close();
        for (int i = 0; i < 3; i++) shared.newCall(request("ok-async" + i, id)).enqueue(new Done(done));
        RealCall.newRealCall(shared, request("ok-old-async", id), false).enqueue(new Done(done));
        for (int i = 0; i < 2; i++) {
            engine.newUrlRequest(HOST + "cronet" + i, id.getBytes(StandardCharsets.UTF_8), new Over(done), Runnable::run).start();
        }
        queue.add(new Request<String>(1, HOST + "volley") {
            @Override
            protected Map<String, String> getParams() {
                return Map.of("id", id);
            }

            @Override
            protected void deliverResponse(int status) {
                done.countDown();
            }
        });
        done.await(20, TimeUnit.SECONDS);
    }

    private static okhttp3.Request request(String way, String id) {
        return new okhttp3.Request.Builder().url(HOST + way)
            .post(RequestBody.create(id, MediaType.get("text/plain"))).build();
    }

    private static final class Done implements Callback {
        private final CountDownLatch done;

        Done(CountDownLatch done) {
            this.done = done;
        }

        @Override
        public void onFailure(Call call, IOException e) {
            done.countDown();
        }

        @Override
        public void onResponse(Call call, Response response) {
            done.countDown();
        }
    }

    private static final class Over extends UrlRequest.Callback {
        private final CountDownLatch done;

        Over(CountDownLatch done) {
            this.done = done;
        }

        @Override
        public void onSucceeded(UrlRequest request, int status) {
            done.countDown();
        }

        @Override
        public void onFailed(UrlRequest request, Exception error) {
            done.countDown();
        }
    }
}
