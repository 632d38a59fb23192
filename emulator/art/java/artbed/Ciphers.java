package artbed;

import java.io.ByteArrayOutputStream;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.AEADBadTagException;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.MacSpi;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-GCM with a tag of 128 bits, AES key wrap (RFC 3394) and HMAC: as Android's provider has them. */
final class Ciphers {
  private Ciphers() {}

  /** Null: the key has no such length, or the data was not sealed with it. */
  static native byte[] gcm(boolean seal, byte[] key, byte[] nonce, byte[] more, byte[] data);

  static native byte[] wrap(boolean wrap, byte[] key, byte[] data);

  static native byte[] hmac(int kind, byte[] key, byte[] data);

  private abstract static class Aes extends CipherSpi {
    int mode;
    byte[] key;
    final ByteArrayOutputStream data = new ByteArrayOutputStream();

    @Override protected void engineSetMode(String mode) {}

    @Override protected void engineSetPadding(String padding) {}

    @Override protected int engineGetBlockSize() { return 16; }

    @Override protected int engineGetOutputSize(int n) { return data.size() + n + 16; }

    @Override protected byte[] engineGetIV() { return null; }

    @Override protected AlgorithmParameters engineGetParameters() { return null; }

    @Override protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
      this.mode = mode;
      this.key = key.getEncoded();
      data.reset();
      if (this.key == null || this.key.length != 16 && this.key.length != 24 && this.key.length != 32) {
        throw new InvalidKeyException("not a key of AES");
      }
    }

    @Override protected void engineInit(int mode, Key key, AlgorithmParameterSpec spec, SecureRandom random)
        throws InvalidKeyException, InvalidAlgorithmParameterException {
      if (spec != null) throw new InvalidAlgorithmParameterException("no parameters");
      engineInit(mode, key, random);
    }

    @Override protected void engineInit(int mode, Key key, AlgorithmParameters parameters, SecureRandom random)
        throws InvalidKeyException, InvalidAlgorithmParameterException {
      engineInit(mode, key, (AlgorithmParameterSpec) null, random);
    }

    @Override protected byte[] engineUpdate(byte[] in, int offset, int n) {
      data.write(in, offset, n);
      return new byte[0];
    }

    @Override protected int engineUpdate(byte[] in, int offset, int n, byte[] out, int at) {
      data.write(in, offset, n);
      return 0;
    }

    @Override protected int engineDoFinal(byte[] in, int offset, int n, byte[] out, int at)
        throws IllegalBlockSizeException, BadPaddingException {
      byte[] result = engineDoFinal(in, offset, n);
      System.arraycopy(result, 0, out, at, result.length);
      return result.length;
    }
  }

  public static final class Gcm extends Aes {
    private byte[] nonce;
    private final ByteArrayOutputStream more = new ByteArrayOutputStream();

    @Override protected byte[] engineGetIV() { return nonce.clone(); }

    @Override protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
      super.engineInit(mode, key, random);
      more.reset();
      nonce = new byte[12];
      new Provider.Random().engineNextBytes(nonce);
    }

    @Override protected void engineInit(int mode, Key key, AlgorithmParameterSpec spec, SecureRandom random)
        throws InvalidKeyException, InvalidAlgorithmParameterException {
      boolean seals = mode == Cipher.ENCRYPT_MODE || mode == Cipher.WRAP_MODE;
      boolean known = spec instanceof GCMParameterSpec && ((GCMParameterSpec) spec).getTLen() == 128;
      if (!known && (spec != null || !seals)) throw new InvalidAlgorithmParameterException("a nonce, and a tag of 128 bits");
      engineInit(mode, key, random);
      if (known) nonce = ((GCMParameterSpec) spec).getIV();
    }

    @Override protected void engineUpdateAAD(byte[] in, int offset, int n) { more.write(in, offset, n); }

    @Override protected byte[] engineDoFinal(byte[] in, int offset, int n) throws BadPaddingException {
      if (n > 0) data.write(in, offset, n);
      byte[] result = gcm(mode == Cipher.ENCRYPT_MODE, key, nonce, more.toByteArray(), data.toByteArray());
      data.reset();
      more.reset();
      if (result == null) throw new AEADBadTagException();
      return result;
    }
  }

  public static final class Wrap extends Aes {
    @Override protected byte[] engineDoFinal(byte[] in, int offset, int n) { throw new IllegalStateException("for keys only"); }

    @Override protected byte[] engineWrap(Key wrapped) throws IllegalBlockSizeException {
      byte[] result = wrap(true, key, wrapped.getEncoded());
      if (result == null) throw new IllegalBlockSizeException("keys of whole blocks of 8 bytes");
      return result;
    }

    @Override protected Key engineUnwrap(byte[] wrapped, String algorithm, int type) throws InvalidKeyException {
      byte[] result = wrap(false, key, wrapped);
      if (result == null || type != Cipher.SECRET_KEY) throw new InvalidKeyException("not a secret key wrapped with this one");
      return new SecretKeySpec(result, algorithm);
    }
  }

  public abstract static class Hmac extends MacSpi {
    private final int kind;
    private final int length;
    private byte[] key;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    Hmac(int kind, int length) {
      this.kind = kind;
      this.length = length;
    }

    @Override protected int engineGetMacLength() { return length; }

    @Override protected void engineInit(Key key, AlgorithmParameterSpec spec) throws InvalidKeyException {
      this.key = key.getEncoded();
      data.reset();
      if (this.key == null) throw new InvalidKeyException("the key is not there");
    }

    @Override protected void engineUpdate(byte b) { data.write(b); }

    @Override protected void engineUpdate(byte[] b, int offset, int n) { data.write(b, offset, n); }

    @Override protected byte[] engineDoFinal() {
      byte[] result = hmac(kind, key, data.toByteArray());
      data.reset();
      return result;
    }

    @Override protected void engineReset() { data.reset(); }
  }

  public static final class HmacSha1 extends Hmac {
    public HmacSha1() { super(1, 20); }
  }

  public static final class HmacSha256 extends Hmac {
    public HmacSha256() { super(2, 32); }
  }
}
