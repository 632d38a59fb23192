package okio;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** What the clients of this folder share: one kept connection, HTTP/1.1 over its own socket, through the system's proxy. */
public final class Wire implements Closeable {
    private final Socket socket;
    private final InputStream in;
    private final boolean absolute;
    private SSLSession session;

    private Wire(Socket socket, boolean absolute) throws IOException {
        this.socket = socket;
        this.absolute = absolute;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects; for https through a tunnel, its handshake done. */
    public static Wire open(URI to, SSLSocketFactory factory) throws IOException {
        boolean secure = "https".equals(to.getScheme());
        int port = to.getPort() > 0 ? to.getPort() : secure ? 443 : 80;
        InetSocketAddress proxy = proxy(to);
        String first = proxy == null ? to.getHost() : proxy.getHostString();
        Socket plain = new Socket(first, proxy == null ? port : proxy.getPort());
        plain.setSoTimeout(20000);
        if (!secure) return new Wire(plain, proxy != null);
        if (proxy != null) tunnel(plain, to.getHost() + ":" + port);
        SSLSocket secured = (SSLSocket) factory.createSocket(plain, to.getHost(), port, true);
        javax.net.ssl.SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        try {
            secured.startHandshake();
        } catch (IOException refused) {
            plain.close();
            throw refused;
        }
        Wire made = new Wire(secured, false);
        made.session = secured.getSession();
        return made;
    }

    /** The session of TLS, or null. */
    public SSLSession session() {
        return session;
    }

    /** One exchange; the status of the answer. */
    public int send(String method, URI to, Map<String, String> headers, byte[] body) throws IOException {
        String path = to.getRawPath().isEmpty() ? "/" : to.getRawPath();
        String target = to.getRawQuery() == null ? path : path + "?" + to.getRawQuery();
        StringBuilder head = new StringBuilder(method).append(' ');
        head.append(absolute ? "http://" + to.getRawAuthority() + target : target).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(to.getRawAuthority()).append("\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body.length > 0 || "POST".equals(method)) head.append("Content-Length: ").append(body.length).append("\r\n");
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        socket.getOutputStream().write(all);
        String[] status = line(in).split(" ");
        int size = 0;
        for (String one = line(in); !one.isEmpty(); one = line(in)) {
            String[] parts = one.split(":", 2);
            if (parts[0].equalsIgnoreCase("content-length")) size = Integer.parseInt(parts[1].trim());
        }
        in.readNBytes(size);
        return Integer.parseInt(status[1]);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static void tunnel(Socket plain, String target) throws IOException {
        String ask = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n";
        plain.getOutputStream().write(ask.getBytes(StandardCharsets.UTF_8));
        String status = line(plain.getInputStream());
        while (!line(plain.getInputStream()).isEmpty()) { } // its headers
        if (!status.contains(" 200 ")) throw new IOException("unexpected answer of the proxy: " + status);
    }

    private static String line(InputStream from) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int one = from.read(); one != '\n'; one = from.read()) {
            if (one < 0) throw new EOFException("unexpected end of stream");
            if (one != '\r') text.append((char) one);
        }
        return text.toString();
    }

    private static InetSocketAddress proxy(URI to) {
        for (Proxy one : ProxySelector.getDefault().select(to)) {
            if (one.type() == Proxy.Type.HTTP && one.address() instanceof InetSocketAddress) {
                return (InetSocketAddress) one.address();
            }
        }
        return null;
    }

    /** Idle connections by scheme and authority. */
    public static final class Pool {
        private final Map<String, Deque<Wire>> idle = new HashMap<>();

        /** An idle one, or null. */
        public synchronized Wire take(URI to) {
            Deque<Wire> found = idle.get(to.getScheme() + to.getAuthority());
            return found == null ? null : found.poll();
        }

        /** Back for the next one. */
        public synchronized void give(URI to, Wire wire) {
            idle.computeIfAbsent(to.getScheme() + to.getAuthority(), key -> new ArrayDeque<>()).push(wire);
        }
    }
}
