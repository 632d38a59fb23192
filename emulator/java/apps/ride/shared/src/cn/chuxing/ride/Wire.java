package cn.chuxing.ride;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Posts JSON, one request after the other. */
final class Wire {
    private static final ExecutorService ONE = Executors.newSingleThreadExecutor();

    private Wire() {}

    static void post(String address, String json) {
        ONE.execute(() -> {
            try {
                HttpURLConnection http = (HttpURLConnection) new URL(address).openConnection();
                http.setRequestMethod("POST");
                http.setRequestProperty("Content-Type", "application/json; charset=utf-8");
                http.setDoOutput(true);
                try (OutputStream out = http.getOutputStream()) {
                    out.write(json.getBytes(StandardCharsets.UTF_8));
                }
                http.getResponseCode();
                http.disconnect();
            } catch (IOException offline) {
                android.util.Log.i("Ride", "offline");
            }
        });
    }
}
