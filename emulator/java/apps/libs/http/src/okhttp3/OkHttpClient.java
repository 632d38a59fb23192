package okhttp3;

import java.io.IOException;
import java.net.URI;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import okio.Wire;

/** The part of OkHttp 3 and 4 that makes calls: a dispatcher, a pool, a pinner. */
public class OkHttpClient {
    private final Dispatcher dispatcher = new Dispatcher();
    private final Wire.Pool connectionPool = new Wire.Pool();
    private final CertificatePinner certificatePinner;
    private final SSLSocketFactory sslSocketFactory;

    public OkHttpClient() {
        this(new Builder());
    }

    private OkHttpClient(Builder builder) {
        certificatePinner = builder.certificatePinner;
        sslSocketFactory = builder.sslSocketFactory;
    }

    public Call newCall(Request request) {
        return new okhttp3.internal.connection.RealCall(this, request, false);
    }

    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** What the chain of interceptors ends in. {@code lazily}: as since 4.2. */
    public Response exchange(Request request, boolean lazily) throws IOException {
        URI to = request.url().uri();
        Wire wire = connectionPool.take(to);
        if (wire == null) {
            wire = Wire.open(to, sslSocketFactory);
            if (wire.session() != null) {
                try {
                    List<Certificate> chain = Arrays.asList(wire.session().getPeerCertificates());
                    if (lazily) {
                        certificatePinner.check$okhttp(to.getHost(), () -> chain);
                    } else {
                        certificatePinner.check(to.getHost(), chain);
                    }
                } catch (IOException refused) {
                    wire.close();
                    throw refused;
                }
            }
        }
        RequestBody body = request.body();
        int code = wire.send(request.method(), to,
            body == null ? Map.of() : Map.of("Content-Type", body.type), body == null ? new byte[0] : body.bytes);
        connectionPool.give(to, wire);
        return new Response(request, code);
    }

    public static final class Builder {
        private CertificatePinner certificatePinner = new CertificatePinner.Builder().build();
        private SSLSocketFactory sslSocketFactory = HttpsURLConnection.getDefaultSSLSocketFactory();

        public Builder certificatePinner(CertificatePinner certificatePinner) {
            this.certificatePinner = certificatePinner;
            return this;
        }

        public Builder sslSocketFactory(SSLSocketFactory sslSocketFactory, javax.net.ssl.X509TrustManager trustManager) {
            this.sslSocketFactory = sslSocketFactory;
            return this;
        }

        public OkHttpClient build() {
            return new OkHttpClient(this);
        }
    }
}
