package standin;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.ShortBufferException;

/** Ciphers by the names that Android gives them; a JDK has the same ones under its own. */
public final class Ciphers extends Provider {
    private static final long serialVersionUID = 1;

    /** The constructor that the Android Runtime has as well: the one with a version as text came later. */
    @SuppressWarnings("deprecation")
    private Ciphers() {
        super("StandinNames", 1.0, "ciphers by Android's names");
        name("AES/CBC/PKCS7Padding", Cbc.class);
        name("AES/ECB/PKCS7Padding", Ecb.class);
        name("RSA/NONE/PKCS1Padding", Rsa.class);
        name("RSA/NONE/OAEPWithSHA1AndMGF1Padding", Oaep.class);
        name("AES/GCM/NoPadding", Gcm.class); // for keys of Android's store: no other provider takes them
        name("AES/CBC/NoPadding", Bare.class);
        name("AES/CTR/NoPadding", Ctr.class);
    }

    /** After all other providers: a runtime that knows these names keeps its own. */
    static void install() {
        Security.addProvider(new Ciphers());
        Security.addProvider(new Keys());
    }

    private void name(String transformation, Class<?> as) {
        putService(new Service(this, "Cipher", transformation, as.getName(), null, null));
    }

    public static final class Cbc extends Renamed {
        public Cbc() {
            super("AES/CBC/PKCS5Padding");
        }
    }

    public static final class Ecb extends Renamed {
        public Ecb() {
            super("AES/ECB/PKCS5Padding");
        }
    }

    public static final class Rsa extends Renamed {
        public Rsa() {
            super("RSA/ECB/PKCS1Padding");
        }
    }

    public static final class Oaep extends Renamed {
        public Oaep() {
            super("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
        }
    }

    public static final class Gcm extends Renamed {
        public Gcm() {
            super("AES/GCM/NoPadding");
        }
    }

    public static final class Bare extends Renamed {
        public Bare() {
            super("AES/CBC/NoPadding");
        }
    }

    public static final class Ctr extends Renamed {
        public Ctr() {
            super("AES/CTR/NoPadding");
        }
    }

    private abstract static class Renamed extends CipherSpi {
        private final Cipher cipher;

        Renamed(String transformation) {
            try {
                cipher = Cipher.getInstance(transformation);
            } catch (GeneralSecurityException lacking) {
                throw new ProviderException(lacking);
            }
        }

        @Override protected void engineSetMode(String mode) {}
        @Override protected void engineSetPadding(String padding) {}
        @Override protected int engineGetBlockSize() { return cipher.getBlockSize(); }
        @Override protected int engineGetOutputSize(int length) { return cipher.getOutputSize(length); }
        @Override protected byte[] engineGetIV() { return cipher.getIV(); }
        @Override protected AlgorithmParameters engineGetParameters() { return cipher.getParameters(); }

        @Override
        protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
            cipher.init(mode, Keys.open(key), random);
        }

        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameterSpec spec, SecureRandom random)
                throws InvalidKeyException, InvalidAlgorithmParameterException {
            cipher.init(mode, Keys.open(key), spec, random);
        }

        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameters parameters, SecureRandom random)
                throws InvalidKeyException, InvalidAlgorithmParameterException {
            cipher.init(mode, Keys.open(key), parameters, random);
        }

        @Override
        protected byte[] engineUpdate(byte[] in, int at, int length) {
            return cipher.update(in, at, length);
        }

        @Override
        protected int engineUpdate(byte[] in, int at, int length, byte[] out, int to) throws ShortBufferException {
            return cipher.update(in, at, length, out, to);
        }

        @Override
        protected byte[] engineDoFinal(byte[] in, int at, int length) throws IllegalBlockSizeException, BadPaddingException {
            return in == null ? cipher.doFinal() : cipher.doFinal(in, at, length);
        }

        @Override
        protected int engineDoFinal(byte[] in, int at, int length, byte[] out, int to)
                throws ShortBufferException, IllegalBlockSizeException, BadPaddingException {
            return in == null ? cipher.doFinal(out, to) : cipher.doFinal(in, at, length, out, to);
        }
    }
}
