package cn.beacon.analytics.lab;

import android.util.Base64;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A library that sends over its own sockets, and what it derived from an id with keys only it knows. */
public final class BeaconLab {
    private static final String HOST = "lab.netlab.example";
    private static final String WAY = "/netlab/beacon/";
    private static final ExecutorService POOL = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "beacon-lab");
        thread.setDaemon(true);
        return thread;
    });

    private BeaconLab() {}

    /** One request each way. */
    public static void all(String id) throws Exception {
        byte[] body = bytes(id);
        post("https://" + HOST + WAY + "https", body);
        post("http://" + HOST + WAY + "http", body);
        POOL.submit(() -> post("https://" + HOST + WAY + "pool", body)).get();
        overSocket(id);
        overTls(id);
        direct(id);
        HttpClient client = HttpClient.newHttpClient();
        client.sendAsync(request("async", id), HttpResponse.BodyHandlers.discarding()).get();
        HttpClient own = HttpClient.newBuilder().executor(POOL).build();
        own.sendAsync(request("async-pool", id), HttpResponse.BodyHandlers.discarding()).get();
        transformed(body);
    }

    /** A turn on the host that all use. */
    public static void shared(String id, int round) throws IOException {
        post("https://shared.netlab.example" + WAY + "turn" + round, bytes(id));
    }

    /** Four requests while the others send, too. */
    public static void crowd(String id) throws IOException {
        for (int i = 0; i < 4; i++) {
            post("https://crowd.netlab.example" + WAY + "crowd" + i, bytes(id));
        }
    }

    private static void transformed(byte[] id) throws Exception {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        post("https://" + HOST + WAY + "hmac", bytes(hex(mac.doFinal(id))));
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(key);
        post("https://" + HOST + WAY + "salted", bytes(Base64.encodeToString(digest.digest(id), Base64.NO_WRAP)));
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
        post("https://" + HOST + WAY + "cipher", cipher.doFinal(id));
    }

    private static void overSocket(String id) throws IOException {
        InetSocketAddress proxy = proxy("http://" + HOST);
        try (Socket socket = new Socket(proxy.getHostString(), proxy.getPort())) {
            exchange(socket, "POST http://" + HOST + WAY + "socket HTTP/1.1", id);
        }
    }

    private static void overTls(String id) throws IOException {
        InetSocketAddress proxy = proxy("https://" + HOST);
        try (Socket tunnel = new Socket(proxy.getHostString(), proxy.getPort())) {
            tunnel.getOutputStream().write(bytes("CONNECT " + HOST + ":443 HTTP/1.1\r\nHost: " + HOST + ":443\r\n\r\n"));
            head(tunnel);
            SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
            try (SSLSocket secure = (SSLSocket) factory.createSocket(tunnel, HOST, 443, true)) {
                exchange(secure, "POST " + WAY + "tls HTTP/1.1", id);
            }
        }
    }

    /** TLS sockets that ignore the proxy: with HTTP, and with a protocol of its own. */
    private static void direct(String id) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (SSLSocket secure = (SSLSocket) factory.createSocket(HOST, 443)) {
            exchange(secure, "POST " + WAY + "direct HTTP/1.1", id);
        }
        try (SSLSocket secure = (SSLSocket) factory.createSocket("raw.netlab.example", 5223)) {
            secure.getOutputStream().write(new byte[] {1, 0, 0, (byte) id.length()});
            secure.getOutputStream().write(bytes(id));
            secure.getOutputStream().flush();
        }
    }

    private static void exchange(Socket socket, String line, String body) throws IOException {
        String head = line + "\r\nHost: " + HOST + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write(bytes(head + body));
        head(socket);
    }

    private static void head(Socket socket) throws IOException {
        for (int last = 0, same = 0; same < 4 && last >= 0; ) {
            last = socket.getInputStream().read();
            same = last == (same % 2 == 0 ? '\r' : '\n') ? same + 1 : 0;
        }
    }

    private static InetSocketAddress proxy(String address) {
        for (Proxy proxy : ProxySelector.getDefault().select(URI.create(address))) {
            if (proxy.address() instanceof InetSocketAddress) {
                return (InetSocketAddress) proxy.address();
            }
        }
        return InetSocketAddress.createUnresolved(HOST, 80);
    }

    private static HttpRequest request(String way, String body) {
        return HttpRequest.newBuilder(URI.create("https://" + HOST + WAY + way))
            .POST(HttpRequest.BodyPublishers.ofString(body)).build();
    }

    private static int post(String address, byte[] body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/octet-stream");
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        return connection.getInputStream().readAllBytes().length;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] data) {
        StringBuilder text = new StringBuilder();
        for (byte one : data) {
            text.append(String.format("%02x", one));
        }
        return text.toString();
    }
}
