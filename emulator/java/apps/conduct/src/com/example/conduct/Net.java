package com.example.conduct;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Requests, in the background; without a network they fail quietly. */
final class Net {
    static final String OWN = "https://api.shop.example.cn/v1/conduct";
    static final String ADS = "https://ads.adnova.com.cn/v1/conduct";
    static final String STATISTICS = "https://collect.beacon-analytics.cn/v1/conduct";
    static final String ABROAD = "https://match.datamarket-union.com/v1/conduct";
    static final String UNKNOWN = "https://collect.unlisted.example/v1/conduct";
    static final String CLEARTEXT = "http://api.shop.example.cn/v1/conduct";
    static final String AI = "https://ai.shop.example.cn/v1/chat";

    private static final ExecutorService POOL = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "conduct-net");
        thread.setDaemon(true);
        return thread;
    });

    private Net() {}

    /** Sends names and values, one after the other, as JSON. */
    static void send(String address, String... pairs) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < pairs.length; i += 2) {
            json.append(i == 0 ? "" : ",").append('"').append(pairs[i]).append("\":\"").append(pairs[i + 1]).append('"');
        }
        String body = json.append('}').toString();
        POOL.execute(() -> post(address, body));
    }

    private static void post(String address, String body) {
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) new URL(address).openConnection();
            connection.setConnectTimeout(3000);
            connection.setReadTimeout(5000);
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("User-Agent", "Conduct/1.0 (Android)");
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
            connection.getResponseCode();
        } catch (IOException offline) {
            // nothing to do about it
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }
}
