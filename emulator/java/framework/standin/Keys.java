package standin;

import android.app.ActivityThread;
import android.security.keystore.KeyGenParameterSpec;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.InvalidAlgorithmParameterException;
import java.security.Key;
import java.security.KeyStoreException;
import java.security.KeyStoreSpi;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.List;
import java.util.Properties;
import javax.crypto.KeyGeneratorSpi;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Android's key store: AES keys by name that never leave it. Pairs and HMAC keys are not in it. */
public final class Keys extends Provider {
    private static final long serialVersionUID = 1;

    /** The constructor that the Android Runtime has as well. */
    @SuppressWarnings("deprecation")
    Keys() {
        super("AndroidKeyStore", 1.0, "keys of the device's store");
        putService(new Service(this, "KeyStore", "AndroidKeyStore", Store.class.getName(), null, null));
        putService(new Service(this, "KeyGenerator", "AES", Generator.class.getName(), null, null));
    }

    /** A key of which an app has the name only. */
    static final class Held implements SecretKey {
        private static final long serialVersionUID = 1;
        private final transient SecretKey inside;

        Held(byte[] key) { inside = new SecretKeySpec(key, "AES"); }
        @Override public String getAlgorithm() { return "AES"; }
        @Override public String getFormat() { return null; }
        @Override public byte[] getEncoded() { return null; }
    }

    /** What a cipher works with. */
    static Key open(Key key) { return key instanceof Held ? ((Held) key).inside : key; }

    /** Beside the app's data, as the device's store outlives the app's processes. */
    private static File file() { return new File(ActivityThread.currentApplication().getNoBackupFilesDir(), ".keystore"); }

    private static synchronized Properties read() {
        Properties all = new Properties();
        try (InputStream in = Files.newInputStream(file().toPath())) {
            all.load(in);
        } catch (IOException none) {
            all.clear();
        }
        return all;
    }

    private static synchronized void write(String alias, byte[] key) {
        Properties all = read();
        all.remove(alias);
        if (key != null) all.setProperty(alias, Strings.hex(key));
        try (OutputStream out = Files.newOutputStream(file().toPath())) {
            all.store(out, null);
        } catch (IOException e) {
            throw new java.security.ProviderException("Failed to store key", e);
        }
    }

    public static final class Generator extends KeyGeneratorSpi {
        private KeyGenParameterSpec spec;

        @Override protected void engineInit(SecureRandom random) { throw new UnsupportedOperationException("Cannot initialize without a KeyGenParameterSpec parameter"); }
        @Override protected void engineInit(int size, SecureRandom random) { engineInit(random); }
        @Override protected void engineInit(AlgorithmParameterSpec params, SecureRandom random) throws InvalidAlgorithmParameterException {
            if (!(params instanceof KeyGenParameterSpec)) throw new InvalidAlgorithmParameterException("Cannot initialize without a KeyGenParameterSpec parameter");
            spec = (KeyGenParameterSpec) params;
            int size = spec.getKeySize();
            if (size != -1 && size != 128 && size != 192 && size != 256) throw new InvalidAlgorithmParameterException("Unsupported key size: " + size);
        }
        @Override protected SecretKey engineGenerateKey() {
            if (spec == null) throw new IllegalStateException("Not initialized");
            byte[] key = new byte[spec.getKeySize() == -1 ? 16 : spec.getKeySize() / 8];
            new SecureRandom().nextBytes(key);
            write(spec.getKeystoreAlias(), key);
            return new Held(key);
        }
    }

    public static final class Store extends KeyStoreSpi {
        @Override public Key engineGetKey(String alias, char[] password) {
            String key = read().getProperty(alias);
            return key == null ? null : new Held(Strings.unhex(key));
        }
        @Override public boolean engineContainsAlias(String alias) { return read().containsKey(alias); }
        @Override public boolean engineIsKeyEntry(String alias) { return engineContainsAlias(alias); }
        @Override public int engineSize() { return read().size(); }
        @Override public Enumeration<String> engineAliases() {
            List<String> names = new ArrayList<>(read().stringPropertyNames());
            return Collections.enumeration(names);
        }
        @Override public Date engineGetCreationDate(String alias) { return engineContainsAlias(alias) ? new Date(file().lastModified()) : null; }
        @Override public void engineDeleteEntry(String alias) { write(alias, null); }
        @Override public void engineLoad(InputStream stream, char[] password) {
            if (stream != null) throw new IllegalArgumentException("InputStream not supported");
        }
        @Override public void engineStore(OutputStream stream, char[] password) { throw new UnsupportedOperationException("Can not serialize AndroidKeyStore to OutputStream"); }
        @Override public void engineSetKeyEntry(String alias, Key key, char[] password, Certificate[] chain) throws KeyStoreException {
            if (!(key instanceof SecretKeySpec)) throw new KeyStoreException("Unsupported key: " + key.getClass().getName());
            write(alias, key.getEncoded());
        }
        @Override public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain) throws KeyStoreException { throw new KeyStoreException("Operation not supported because key encoding is unknown"); }
        @Override public void engineSetCertificateEntry(String alias, Certificate cert) { throw new UnsupportedOperationException("AndroidKeyStore.setCertificateEntry"); }
        @Override public boolean engineIsCertificateEntry(String alias) { return false; }
        @Override public Certificate engineGetCertificate(String alias) { return null; }
        @Override public Certificate[] engineGetCertificateChain(String alias) { return null; }
        @Override public String engineGetCertificateAlias(Certificate cert) { return null; }
    }
}
