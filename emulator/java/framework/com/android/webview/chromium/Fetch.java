package com.android.webview.chromium;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** The engine's own network: like Chromium's it goes through none of the platform's HTTP clients. */
public final class Fetch {
    /** Values of Set-Cookie. */
    public final List<String> cookies = new ArrayList<>();
    public int status = 200;
    public String type = "text/html";
    public byte[] body = {};
    /** Where a redirection leads, and where it came from, or null. */
    public String location;
    public String address;

    private Fetch() {}

    /** What the app itself answers. */
    public static Fetch of(String type, InputStream data) throws IOException {
        Fetch made = new Fetch();
        made.type = type == null ? made.type : type;
        if (data != null) made.body = data.readAllBytes();
        return made;
    }

    /** The body as text, in UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Sends a request on a new connection and reads the answer. */
    public static Fetch send(String address, Map<String, String> headers, byte[] body) throws IOException {
        URI to = URI.create(address);
        Fetch made = new Fetch();
        try (Socket socket = open(to)) {
            boolean absolute = "http".equals(to.getScheme()) && proxy(to) != null;
            String path = to.getRawPath() == null || to.getRawPath().isEmpty() ? "/" : to.getRawPath();
            String target = to.getRawQuery() == null ? path : path + "?" + to.getRawQuery();
            StringBuilder head = new StringBuilder(body == null ? "GET " : "POST ");
            head.append(absolute ? "http://" + to.getRawAuthority() : "").append(target).append(" HTTP/1.1\r\nHost: ");
            head.append(to.getRawAuthority()).append("\r\nConnection: close\r\n");
            headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
            if (body != null) head.append("Content-Length: ").append(body.length).append("\r\n");
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            if (body != null) socket.getOutputStream().write(body);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean chunked = false;
            String first = line(in);
            if (first.length() >= 12) made.status = Integer.parseInt(first.substring(9, 12));
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                String value = line.substring(line.indexOf(':') + 1).trim();
                switch (line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(java.util.Locale.ROOT)) {
                    case "set-cookie": made.cookies.add(value); break;
                    case "location": made.location = to.resolve(value).toString(); break;
                    case "content-type": made.type = value; break;
                    case "transfer-encoding": chunked = value.equalsIgnoreCase("chunked"); break;
                    default: break;
                }
            }
            made.body = chunked ? pieces(in) : in.readAllBytes();
        }
        return made;
    }

    private static byte[] pieces(InputStream in) throws IOException {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (int size = size(in); size > 0; size = size(in)) {
            all.write(in.readNBytes(size));
            line(in);
        }
        return all.toByteArray();
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in).split(";")[0].trim(), 16);
    }

    private static Socket open(URI to) throws IOException {
        boolean secure = "https".equals(to.getScheme());
        int port = to.getPort() > 0 ? to.getPort() : secure ? 443 : 80;
        InetSocketAddress proxy = proxy(to);
        Socket plain = new Socket();
        plain.connect(proxy == null ? new InetSocketAddress(to.getHost(), port)
            : new InetSocketAddress(proxy.getHostString(), proxy.getPort()), 3000);
        plain.setSoTimeout(5000);
        if (!secure) return plain;
        if (proxy != null) {
            String target = to.getHost() + ":" + port;
            String ask = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n";
            plain.getOutputStream().write(ask.getBytes(StandardCharsets.UTF_8));
            for (String line = line(plain.getInputStream()); !line.isEmpty(); ) line = line(plain.getInputStream());
        }
        SSLSocket secured = (SSLSocket) HttpsURLConnection.getDefaultSSLSocketFactory().createSocket(plain, to.getHost(), port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        return secured;
    }

    private static InetSocketAddress proxy(URI to) {
        for (Proxy one : ProxySelector.getDefault().select(to)) {
            if (one.type() == Proxy.Type.HTTP && one.address() instanceof InetSocketAddress) {
                return (InetSocketAddress) one.address();
            }
        }
        return null;
    }

    private static String line(InputStream from) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int one = from.read(); one != '\n'; one = from.read()) {
            if (one < 0) throw new EOFException("unexpected end of stream");
            if (one != '\r') text.append((char) one);
        }
        return text.toString();
    }
}
