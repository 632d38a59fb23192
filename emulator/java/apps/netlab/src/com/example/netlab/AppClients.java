package com.example.netlab;

import android.app.Activity;
import android.webkit.WebView;
import com.android.volley.Request;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.impl.client.DefaultHttpClient;

/** The app's requests through client libraries. */
final class AppClients {
    private static final String HOST = "https://clients.netlab.example/netlab/app/";

    private AppClients() {}

    static void all(String id, Activity screen) throws Exception {
        Clients.OK.newCall(request("ok", id)).execute().close();
        CountDownLatch done = new CountDownLatch(3);
        for (int i = 0; i < 2; i++) {
            Clients.OK.newCall(request("ok-async" + i, id)).enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException e) {
                    done.countDown();
                }

                @Override
                public void onResponse(Call call, Response response) {
                    done.countDown();
                }
            });
        }
        Clients.VOLLEY.add(new Request<String>(1, HOST + "volley") {
            @Override
            protected Map<String, String> getParams() {
                return Map.of("id", id);
            }

            @Override
            protected void deliverResponse(int status) {
                done.countDown();
            }
        });
        HttpPost post = new HttpPost(HOST + "apache");
        post.setEntity(id);
        new DefaultHttpClient().execute(post);
        done.await();
        screen.runOnUiThread(() -> new WebView(screen).loadUrl(HOST + "page?id=" + id));
        Thread.sleep(500);
    }

    private static okhttp3.Request request(String way, String id) {
        return new okhttp3.Request.Builder().url(HOST + way)
            .post(RequestBody.create(id, MediaType.get("text/plain"))).build();
    }
}
