package standin;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** The connection to the device: requests with answers, and events both ways (PROTOCOL.md). */
final class Wire {
    private final Socket socket;
    private final BufferedWriter out;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<Map<?, ?>>> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Wire(int port, BiConsumer<String, Map<String, Object>> onEvent) throws IOException {
        socket = new Socket(Proxy.NO_PROXY);
        socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setTcpNoDelay(true);
        out = new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
        Thread reader = new Thread(() -> read(onEvent), "standin-wire");
        reader.setDaemon(true);
        reader.start();
    }

    @SuppressWarnings("unchecked")
    private void read(BiConsumer<String, Map<String, Object>> onEvent) {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Map<String, Object> message = (Map<String, Object>) Json.parse(line);
                Object id = message.get("id");
                if (id == null) {
                    Object a = message.get("a");
                    onEvent.accept((String) message.get("m"),
                            a == null ? new LinkedHashMap<>() : (Map<String, Object>) a);
                } else {
                    CompletableFuture<Map<?, ?>> one = waiting.remove(((Number) id).longValue());
                    if (one != null) one.complete(message);
                }
            }
        } catch (IOException ignored) {
            // The device has gone: same end as below.
        }
        closed = true;
        Runtime.getRuntime().halt(137);
    }

    Object call(String method, Map<String, ?> args) {
        long id = ids.incrementAndGet();
        CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", id);
        message.put("m", method);
        message.put("a", args == null ? Map.of() : args);
        send(message);
        Map<?, ?> got = await(answer);
        if (got.get("e") instanceof Map) throw Errors.unchecked(toThrowable((Map<?, ?>) got.get("e")));
        return got.get("r");
    }

    /** Waits to the end even if the thread is interrupted, as a binder call does; keeps the interrupt flag. */
    private static Map<?, ?> await(CompletableFuture<Map<?, ?>> answer) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    void event(String method, Map<String, ?> args) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("m", method);
        message.put("a", args);
        send(message);
    }

    private void send(Map<String, Object> message) {
        String line = Json.write(message);
        synchronized (out) {
            if (closed) return;
            try {
                out.write(line);
                out.write('\n');
                out.flush();
            } catch (IOException e) {
                closed = true;
            }
        }
    }

    private static Throwable toThrowable(Map<?, ?> error) {
        String name = String.valueOf(error.get("class"));
        String text = error.get("message") == null ? null : String.valueOf(error.get("message"));
        try {
            Object made = Class.forName(name).getConstructor(String.class).newInstance(text);
            if (made instanceof Throwable) return (Throwable) made;
        } catch (ReflectiveOperationException ignored) {
            // Not an exception class of the framework: say its name.
        }
        return new RuntimeException(name + ": " + text);
    }
}
