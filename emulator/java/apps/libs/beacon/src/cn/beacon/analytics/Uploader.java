package cn.beacon.analytics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** Sends events as gzip-packed JSON; a failure is silent. */
final class Uploader {
    private static final String ENDPOINT = "https://collect.beacon-analytics.cn/v2/events";
    private static final ExecutorService POOL = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "beacon-upload");
        thread.setDaemon(true);
        return thread;
    });

    private Uploader() {}

    /** Sends {@code json}; {@code label} names the request in the app's own output, null = not printed. */
    static void send(String json, String label) {
        if (label != null) {
            Trace.line("POST " + ENDPOINT, label);
        }
        POOL.execute(() -> post(json));
    }

    private static void post(String json) {
        HttpURLConnection connection = null;
        try {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(json.getBytes(StandardCharsets.UTF_8));
            }
            connection = (HttpURLConnection) new URL(ENDPOINT).openConnection();
            connection.setConnectTimeout(3000);
            connection.setReadTimeout(5000);
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("Content-Encoding", "gzip");
            connection.setRequestProperty("User-Agent", "beacon-android/2.4.0");
            connection.setDoOutput(true);
            try (OutputStream body = connection.getOutputStream()) {
                body.write(packed.toByteArray());
            }
            connection.getResponseCode();
        } catch (IOException offline) {
            // reported again with the next event
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }
}
