package artbed;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.security.MessageDigestSpi;
import java.security.SecureRandomSpi;

/** Message digests, ciphers, random numbers and TLS for clients: Debian's libcore comes without Android's crypto provider. */
public final class Provider extends java.security.Provider {
  public Provider() {
    super("artbed", 1.0, "digests, ciphers, random numbers, TLS");
    put("MessageDigest.MD5", Md5.class.getName());
    put("MessageDigest.SHA-1", Sha1.class.getName());
    put("MessageDigest.SHA", Sha1.class.getName());
    put("MessageDigest.SHA-256", Sha256.class.getName());
    put("MessageDigest.SHA-512", Sha512.class.getName());
    put("CertificateFactory.X.509", Certificates.class.getName());
    put("SSLContext.TLS", Tls.Context.class.getName());
    put("SSLContext.TLSv1.2", Tls.Context.class.getName());
    put("SSLContext.TLSv1.3", Tls.Context.class.getName());
    put("SSLContext.SSL", Tls.Context.class.getName());
    put("SSLContext.Default", Tls.Context.class.getName());
    put("TrustManagerFactory.PKIX", Tls.TrustFactory.class.getName());
    put("Cipher.AES/GCM/NoPadding", Ciphers.Gcm.class.getName());
    put("Cipher.AESWrap", Ciphers.Wrap.class.getName());
    put("Mac.HmacSHA1", Ciphers.HmacSha1.class.getName());
    put("Mac.HmacSHA256", Ciphers.HmacSha256.class.getName());
    put("SecureRandom.SHA1PRNG", Random.class.getName());
  }

  static native byte[] digest(int kind, byte[] data);

  public abstract static class Digest extends MessageDigestSpi {
    private final int kind;
    private final int length;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    Digest(int kind, int length) {
      this.kind = kind;
      this.length = length;
    }

    @Override protected void engineUpdate(byte b) { data.write(b); }

    @Override protected void engineUpdate(byte[] b, int offset, int n) { data.write(b, offset, n); }

    @Override protected byte[] engineDigest() {
      byte[] result = digest(kind, data.toByteArray());
      data.reset();
      return result;
    }

    @Override protected void engineReset() { data.reset(); }

    @Override protected int engineGetDigestLength() { return length; }
  }

  public static final class Md5 extends Digest {
    public Md5() { super(0, 16); }
  }

  public static final class Sha1 extends Digest {
    public Sha1() { super(1, 20); }
  }

  public static final class Sha256 extends Digest {
    public Sha256() { super(2, 32); }
  }

  public static final class Sha512 extends Digest {
    public Sha512() { super(3, 64); }
  }

  public static final class Random extends SecureRandomSpi {
    @Override protected void engineSetSeed(byte[] seed) {}

    @Override protected byte[] engineGenerateSeed(int n) {
      byte[] b = new byte[n];
      engineNextBytes(b);
      return b;
    }

    @Override protected void engineNextBytes(byte[] b) {
      try (FileInputStream in = new FileInputStream("/dev/urandom")) {
        for (int n = 0; n < b.length;) n += in.read(b, n, b.length - n);
      } catch (IOException bad) {
        throw new IllegalStateException(bad);
      }
    }
  }
}
