package com.example.netlab;

import android.util.Base64;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** The app's own requests, in every encoding. */
final class AppLab {
    private static final String HOST = "https://app.netlab.example/netlab/app/";

    private AppLab() {}

    static void all(String id) throws Exception {
        String json = "{\"device\":{\"ids\":[\"" + id + "\"]}}";
        post("json", "application/json", "", bytes(json));
        post("gzip", "application/json", "gzip", gzip(bytes(json)));
        post("form", "application/x-www-form-urlencoded", "", bytes("v=1&d=" + encoded(base64(gzip(bytes(json))))));
        post("nested", "application/json", "", bytes("{\"p\":\"" + base64(bytes(json)) + "\"}"));
        post("multipart", "multipart/form-data; boundary=cut", "", bytes("--cut\r\nContent-Disposition: form-data; "
            + "name=\"meta\"\r\nContent-Type: application/json\r\n\r\n" + json + "\r\n--cut--\r\n"));
        post("protobuf", "application/x-protobuf", "", field(1, field(2, bytes(id))));
        post("query?a=" + id.toUpperCase(), "text/plain", "", bytes("x"));
        Thread thread = new Thread(() -> quietly(() -> post("thread", "text/plain", "", bytes(id))));
        thread.start();
        thread.join();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        for (int i = 0; i < 3; i++) {
            int number = i;
            pool.submit(() -> quietly(() -> post("pool" + number, "text/plain", "", bytes(id)))).get();
        }
        pool.shutdown();
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(HOST + "client"))
            .POST(HttpRequest.BodyPublishers.ofString(json)).build();
        client.send(request, HttpResponse.BodyHandlers.discarding());
    }

    static void shared(String id, int round) throws IOException {
        send("https://shared.netlab.example/netlab/app/turn" + round, "text/plain", "", bytes(id));
    }

    static void crowd(String id) throws IOException {
        for (int i = 0; i < 4; i++) {
            send("https://crowd.netlab.example/netlab/app/crowd" + i, "text/plain", "", bytes(id));
        }
    }

    private static void post(String way, String type, String coding, byte[] body) throws IOException {
        send(HOST + way, type, coding, body);
    }

    private static void send(String address, String type, String coding, byte[] body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", type);
        if (!coding.isEmpty()) {
            connection.setRequestProperty("Content-Encoding", coding);
        }
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        connection.getInputStream().readAllBytes();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] data) {
        return Base64.encodeToString(data, Base64.NO_WRAP);
    }

    private static String encoded(String text) throws IOException {
        return URLEncoder.encode(text, "UTF-8");
    }

    private static byte[] gzip(byte[] data) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(data);
        }
        return packed.toByteArray();
    }

    private static byte[] field(int number, byte[] content) {
        byte[] made = new byte[content.length + 2];
        made[0] = (byte) (number << 3 | 2);
        made[1] = (byte) content.length;
        System.arraycopy(content, 0, made, 2, content.length);
        return made;
    }

    private static void quietly(MainActivity.Work work) {
        try {
            work.run();
        } catch (Exception offline) {
            // seen as a request that is not there
        }
    }
}
