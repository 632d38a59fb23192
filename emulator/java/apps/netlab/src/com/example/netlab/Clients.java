package com.example.netlab;

import com.android.volley.RequestQueue;
import okhttp3.OkHttpClient;
import org.chromium.net.CronetEngine;

/** Clients that the app makes and its libraries use, too: their threads and connections are everybody's. */
public final class Clients {
    public static final OkHttpClient OK = new OkHttpClient();
    public static final com.squareup.okhttp.OkHttpClient OK2 = new com.squareup.okhttp.OkHttpClient();
    public static final CronetEngine CRONET = new CronetEngine();
    public static final RequestQueue VOLLEY = new RequestQueue();

    static {
        VOLLEY.start();
    }

    private Clients() {}
}
