package android.net.http;

public class SslCertificate {
    private final java.security.cert.X509Certificate certificate;

    public SslCertificate(java.security.cert.X509Certificate certificate) { this.certificate = certificate; }

    public java.security.cert.X509Certificate getX509Certificate() { return certificate; }
    public java.util.Date getValidNotBeforeDate() { return certificate == null ? null : certificate.getNotBefore(); }
    public java.util.Date getValidNotAfterDate() { return certificate == null ? null : certificate.getNotAfter(); }
    public DName getIssuedTo() { return certificate == null ? null : new DName(certificate.getSubjectX500Principal().getName()); }
    public DName getIssuedBy() { return certificate == null ? null : new DName(certificate.getIssuerX500Principal().getName()); }

    public class DName {
        private final String name;

        public DName(String name) { this.name = name; }

        private String part(String key) {
            for (String one : name.split(",")) if (one.startsWith(key + "=")) return one.substring(key.length() + 1);
            return "";
        }
        public String getDName() { return name; }
        public String getCName() { return part("CN"); }
        public String getOName() { return part("O"); }
        public String getUName() { return part("OU"); }
    }
}
