package android.security;

/** No certificate is installed: whoever asks for one gets none. */
public final class KeyChain {
    public static final String EXTRA_CERTIFICATE = "CERT";
    public static final String EXTRA_NAME = "name";
    public static final String EXTRA_PKCS12 = "PKCS12";

    public static android.content.Intent createInstallIntent() { return new android.content.Intent("android.credentials.INSTALL"); }
    public static void choosePrivateKeyAlias(android.app.Activity activity, KeyChainAliasCallback response, String[] types,
            java.security.Principal[] issuers, String host, int port, String alias) {
        standin.Later.binder(() -> response.alias(null));
    }
    public static java.security.PrivateKey getPrivateKey(android.content.Context context, String alias) { return null; }
    public static java.security.cert.X509Certificate[] getCertificateChain(android.content.Context context, String alias) { return null; }
    public static boolean isKeyAlgorithmSupported(String algorithm) { return "RSA".equals(algorithm) || "EC".equals(algorithm); }
}
