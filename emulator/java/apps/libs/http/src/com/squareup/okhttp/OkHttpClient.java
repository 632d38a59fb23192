package com.squareup.okhttp;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okio.Wire;

/** The part of OkHttp 2 that makes calls. */
public class OkHttpClient {
    final Wire.Pool pool = new Wire.Pool();
    final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "OkHttp Dispatcher");
        thread.setDaemon(true);
        return thread;
    });

    public Call newCall(Request request) {
        return new Call(this, request);
    }
}
