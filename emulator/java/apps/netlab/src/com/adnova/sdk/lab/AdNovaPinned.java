package com.adnova.sdk.lab;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import okio.Wire;

/** A library that looks at the certificate where it should look at the name only. */
public final class AdNovaPinned {
    private AdNovaPinned() {}

    public static void all(String id) throws Exception {
        URI to = URI.create("https://verifier.pinned.netlab.example/netlab/adnova/pinned");
        HostnameVerifier verifier = new ByIssuer();
        try (Wire wire = Wire.open(to, HttpsURLConnection.getDefaultSSLSocketFactory())) {
            if (!verifier.verify(to.getHost(), wire.session())) throw new IOException("not our server");
            wire.send("POST", to, Map.of("Content-Type", "text/plain"), id.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static final class ByIssuer implements HostnameVerifier {
        @Override
        public boolean verify(String hostname, SSLSession session) {
            try {
                X509Certificate first = (X509Certificate) session.getPeerCertificates()[0];
                return first.getIssuerX500Principal().getName().contains("AdNova");
            } catch (SSLPeerUnverifiedException nobody) {
                return false;
            }
        }
    }
}
