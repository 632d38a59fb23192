package android.security;

public class NetworkSecurityPolicy {
    private static final NetworkSecurityPolicy ONLY = new NetworkSecurityPolicy();

    public static NetworkSecurityPolicy getInstance() { return ONLY; }
    public boolean isCleartextTrafficPermitted() { return true; }
    public boolean isCleartextTrafficPermitted(String hostname) { return true; }
    public boolean isCertificateTransparencyVerificationRequired(String hostname) { return false; }
}
