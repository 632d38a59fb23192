package standin;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The device's proxy and its certificate store, as the whole process uses them. */
final class Net {
    private static final char[] PASSWORD = "standin".toCharArray();
    private static final String[] PROTECTED = {"keystore.pkcs12.certProtectionAlgorithm", "keystore.pkcs12.macAlgorithm"};
    private static int gateway;

    private Net() {}

    static void proxy(Object value) {
        Map<?, ?> p = value instanceof Map ? (Map<?, ?>) value : null;
        for (String scheme : new String[] {"http", "https"}) {
            if (p == null) {
                System.clearProperty(scheme + ".proxyHost");
                System.clearProperty(scheme + ".proxyPort");
            } else {
                System.setProperty(scheme + ".proxyHost", String.valueOf(p.get("host")));
                System.setProperty(scheme + ".proxyPort", String.valueOf(p.get("port")));
            }
        }
        System.setProperty("http.nonProxyHosts", "");
        // Sockets that ask no proxy go where the device's network leads them.
        if (p == null || gateway == 0) {
            System.clearProperty("socksProxyHost");
        } else {
            System.setProperty("socksProxyHost", "127.0.0.1");
            System.setProperty("socksProxyPort", String.valueOf(gateway));
        }
    }

    static void gateway(Object port) {
        gateway = port instanceof Number ? ((Number) port).intValue() : 0;
    }

    /** Trust is exactly the PEM files of the folder: for the default context and for everything made later. */
    static void trust(String folder) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        File[] files = new File(folder).listFiles(File::isFile);
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (File file : files == null ? new File[0] : files) {
            try (InputStream in = new FileInputStream(file)) {
                int n = 0;
                for (Certificate c : factory.generateCertificates(new ByteArrayInputStream(in.readAllBytes()))) store.setCertificateEntry(file.getName() + "-" + n++, c);
            } catch (java.security.cert.CertificateException | java.io.IOException e) {
                android.util.Log.w("TrustedCertificateStore", "cannot read " + file.getName());
            }
        }
        // Nothing in it is secret, and each app would work out keys for it twice at its start.
        for (String part : PROTECTED) System.setProperty(part, "NONE");
        File target = File.createTempFile("trust", ".p12");
        try (OutputStream out = new FileOutputStream(target)) {
            store.store(out, PASSWORD);
        }
        for (String part : PROTECTED) System.clearProperty(part);
        System.setProperty("javax.net.ssl.trustStore", target.getPath());
        System.setProperty("javax.net.ssl.trustStoreType", "PKCS12");
        System.setProperty("javax.net.ssl.trustStorePassword", new String(PASSWORD));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLContext.setDefault(context);
        HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
    }
}
