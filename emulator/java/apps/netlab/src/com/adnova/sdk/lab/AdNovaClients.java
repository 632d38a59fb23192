package com.adnova.sdk.lab;

import android.app.Activity;
import android.webkit.WebView;
import com.android.volley.Request;
import com.android.volley.RequestQueue;
import com.squareup.okhttp.Callback;
import com.squareup.okhttp.OkHttpClient;
import com.squareup.okhttp.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.impl.client.DefaultHttpClient;
import org.chromium.net.CronetEngine;
import org.chromium.net.UrlRequest;

/** A library that still uses old clients, a page for its banner, and what the app has. */
public final class AdNovaClients {
    private static final String HOST = "https://clients.netlab.example/netlab/adnova/";

    private AdNovaClients() {}

    /** One request each way. */
    public static void all(String id, OkHttpClient old, okhttp3.OkHttpClient shared, CronetEngine engine, RequestQueue queue)
            throws Exception {
        CountDownLatch done = new CountDownLatch(6);
        old.newCall(request("ok2", id)).execute();
        for (int i = 0; i < 2; i++) {
            old.newCall(request("ok2-async" + i, id)).enqueue(new Callback() {
                @Override
                public void onFailure(com.squareup.okhttp.Request request, IOException e) {
                    done.countDown();
                }

                @Override
                public void onResponse(Response response) {
                    done.countDown();
                }
            });
        }
        shared.newCall(new okhttp3.Request.Builder().url(HOST + "ok-async")
            .post(RequestBody.create(id, MediaType.get("text/plain"))).build()).enqueue(new okhttp3.Callback() {
                @Override
                public void onFailure(okhttp3.Call call, IOException e) {
                    done.countDown();
                }

                @Override
                public void onResponse(okhttp3.Call call, okhttp3.Response response) {
                    done.countDown();
                }
            });
        engine.newUrlRequest(HOST + "cronet", id.getBytes(StandardCharsets.UTF_8), new UrlRequest.Callback() {
            @Override
            public void onSucceeded(UrlRequest request, int status) {
                done.countDown();
            }

            @Override
            public void onFailed(UrlRequest request, Exception error) {
                done.countDown();
            }
        }, Runnable::run).start();
        for (int i = 0; i < 2; i++) {
            queue.add(new Request<String>(1, HOST + "volley" + i) {
                @Override
                protected Map<String, String> getParams() {
                    return Map.of("id", id);
                }

                @Override
                protected void deliverResponse(int status) {
                    done.countDown();
                }
            });
        }
        DefaultHttpClient apache = new DefaultHttpClient();
        for (String way : new String[] {"apache", "apache-again"}) {
            HttpPost post = new HttpPost(HOST + way);
            post.setEntity(id);
            apache.execute(post, response -> response.getStatusCode());
        }
        done.await(20, TimeUnit.SECONDS);
    }

    /** A banner: a page given as text, with a picture that counts. */
    public static void banner(String id, Activity screen) {
        WebView view = new WebView(screen);
        view.loadDataWithBaseURL("https://banner.netlab.example/", "<html><img src=\"" + HOST + "pixel?id=" + id + "\"></html>",
            "text/html", "utf-8", null);
    }

    private static com.squareup.okhttp.Request request(String way, String id) {
        return new com.squareup.okhttp.Request.Builder().url(HOST + way).post(id).build();
    }
}
