package org.apache.http.impl.client;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import okio.Wire;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.ResponseHandler;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.protocol.HttpContext;

/** The client that Android had until 22 and that apps still bring along: sends on the caller's thread, keeps connections. */
public abstract class AbstractHttpClient {
    private final Wire.Pool pool = new Wire.Pool();

    public final HttpResponse execute(HttpUriRequest request) throws IOException {
        return execute(request, (HttpContext) null);
    }

    public final HttpResponse execute(HttpUriRequest request, HttpContext context) throws IOException {
        URI to = request.getURI();
        return execute(new HttpHost(to.getHost(), to.getPort(), to.getScheme()), request, context);
    }

    public final HttpResponse execute(HttpHost target, HttpRequest request) throws IOException {
        return execute(target, request, (HttpContext) null);
    }

    public final HttpResponse execute(HttpHost target, HttpRequest request, HttpContext context) throws IOException {
        HttpUriRequest asked = (HttpUriRequest) request;
        URI to = URI.create(target.toURI()).resolve(asked.getURI());
        Wire wire = pool.take(to);
        if (wire == null) wire = Wire.open(to, HttpsURLConnection.getDefaultSSLSocketFactory());
        byte[] body = asked instanceof HttpPost ? ((HttpPost) asked).getEntity() : new byte[0];
        int code = wire.send(asked.getMethod(), to, Map.of("Content-Type", "text/plain"), body);
        pool.give(to, wire);
        return new HttpResponse(code);
    }

    public <T> T execute(HttpUriRequest request, ResponseHandler<? extends T> handler) throws IOException {
        return handler.handleResponse(execute(request));
    }

    public <T> T execute(HttpUriRequest request, ResponseHandler<? extends T> handler, HttpContext context) throws IOException {
        return handler.handleResponse(execute(request, context));
    }

    public <T> T execute(HttpHost target, HttpRequest request, ResponseHandler<? extends T> handler) throws IOException {
        return handler.handleResponse(execute(target, request));
    }

    public <T> T execute(HttpHost target, HttpRequest request, ResponseHandler<? extends T> handler, HttpContext context)
            throws IOException {
        return handler.handleResponse(execute(target, request, context));
    }
}
