package com.example.shopclean;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Requests of the app itself, in the background; without a network they fail quietly. */
final class Api {
    static final String OWN = "https://api.shop.example.cn";
    private static final ExecutorService POOL = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "shop-api");
        thread.setDaemon(true);
        return thread;
    });

    private Api() {}

    /** Sends {@code body} (null = GET) to {@code address}. Printed without the query. */
    static void send(String address, String type, String body) {
        int query = address.indexOf('?');
        Trace.line(body == null ? "GET" : "POST", query < 0 ? address : address.substring(0, query));
        POOL.execute(() -> request(address, type, body));
    }

    private static void request(String address, String type, String body) {
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) new URL(address).openConnection();
            connection.setConnectTimeout(3000);
            connection.setReadTimeout(5000);
            connection.setRequestProperty("User-Agent", "CanaryShopClean/1.2.0 (Android)");
            if (body != null) {
                connection.setRequestMethod("POST");
                connection.setRequestProperty("Content-Type", type);
                connection.setDoOutput(true);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            connection.getResponseCode();
        } catch (IOException offline) {
            // the page shows what it has
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }
}
