package okhttp3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import kotlin.jvm.functions.Function0;

/** Pins by SHA-256 of the public key. */
public final class CertificatePinner {
    private final List<String[]> pins;

    private CertificatePinner(List<String[]> pins) {
        this.pins = pins;
    }

    public void check(String hostname, List<Certificate> peerCertificates) throws SSLPeerUnverifiedException {
        verify(hostname, () -> peerCertificates);
    }

    /** As OkHttp 4.2 and later ask: the chain is cleaned only if there is a pin for the host. */
    public void check$okhttp(String hostname, Function0<? extends List<? extends Certificate>> cleanedPeerCertificatesFn)
            throws SSLPeerUnverifiedException {
        verify(hostname, cleanedPeerCertificatesFn);
    }

    private void verify(String hostname, Function0<? extends List<? extends Certificate>> chain)
            throws SSLPeerUnverifiedException {
        boolean pinned = false;
        for (String[] one : pins) {
            if (!one[0].equals(hostname)) continue;
            pinned = true;
            for (Certificate certificate : chain.invoke()) {
                if (one[1].equals(pin(certificate))) return;
            }
        }
        if (pinned) throw new SSLPeerUnverifiedException("Certificate pinning failure!");
    }

    public static String pin(Certificate certificate) {
        try {
            byte[] key = ((X509Certificate) certificate).getPublicKey().getEncoded();
            return "sha256/" + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException never) {
            throw new AssertionError(never);
        }
    }

    public static final class Builder {
        private final List<String[]> pins = new ArrayList<>();

        public Builder add(String pattern, String... pins) {
            for (String pin : pins) this.pins.add(new String[] {pattern, pin});
            return this;
        }

        public CertificatePinner build() {
            return new CertificatePinner(pins);
        }
    }
}
