package com.adnova.sdk.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A library that uses one modern client for all it sends: sync, async, both versions of HTTP, WebSocket. */
public final class AdNovaLab {
    private static final String HOST = "https://ads.netlab.example/netlab/adnova/";

    private AdNovaLab() {}

    /** One request each way. */
    public static void all(String id) throws Exception {
        HttpClient one = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpClient two = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        one.send(request(HOST + "sync1", id), HttpResponse.BodyHandlers.discarding());
        one.send(request(HOST + "again1", id), HttpResponse.BodyHandlers.discarding());
        two.send(request(HOST + "sync2", id), HttpResponse.BodyHandlers.discarding());
        two.send(request(HOST + "again2", id), HttpResponse.BodyHandlers.discarding());
        one.sendAsync(request(HOST + "async1", id), HttpResponse.BodyHandlers.discarding()).get();
        List<CompletableFuture<?>> many = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            many.add(two.sendAsync(request(HOST + "many" + i, id), HttpResponse.BodyHandlers.discarding()));
        }
        for (CompletableFuture<?> sent : many) {
            sent.get();
        }
        ExecutorService pool = Executors.newCachedThreadPool();
        pool.submit(() -> post(HOST + "pool", id)).get();
        pool.shutdown();
        WebSocket socket = two.newWebSocketBuilder()
            .buildAsync(URI.create("wss://ws.netlab.example/netlab/adnova/socket"), new WebSocket.Listener() {}).get();
        socket.sendText("{\"id\":\"" + id + "\"}", true).get();
        Thread.sleep(100);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get();
    }

    /** A turn on the host that all use. */
    public static void shared(String id, int round) throws IOException {
        post("https://shared.netlab.example/netlab/adnova/turn" + round, id);
    }

    /** Four requests while the others send, too. */
    public static void crowd(String id) throws IOException {
        for (int i = 0; i < 4; i++) {
            post("https://crowd.netlab.example/netlab/adnova/crowd" + i, id);
        }
    }

    private static HttpRequest request(String address, String body) {
        return HttpRequest.newBuilder(URI.create(address)).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    }

    private static int post(String address, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "text/plain");
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        return connection.getInputStream().readAllBytes().length;
    }
}
