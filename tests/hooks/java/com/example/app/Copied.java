package com.example.app;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.Provider;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Mac;
import javax.crypto.MacSpi;

/** A provider whose digests and keyed digests can be copied, as those of phones can. */
public final class Copied extends Provider {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("deprecation")
    Copied() {
        super("Copied", 1.0, "digests that can be copied");
        put("MessageDigest.SHA-256", Sha.class.getName());
        put("Mac.HmacSHA256", Hmac.class.getName());
    }

    private static ByteArrayOutputStream copy(ByteArrayOutputStream from) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        to.write(from.toByteArray(), 0, from.size());
        return to;
    }

    /** SHA-256 of all that went in. */
    public static final class Sha extends MessageDigestSpi implements Cloneable {
        private ByteArrayOutputStream data = new ByteArrayOutputStream();

        @Override protected void engineUpdate(byte one) { data.write(one); }
        @Override protected void engineUpdate(byte[] from, int at, int size) { data.write(from, at, size); }
        @Override protected void engineReset() { data.reset(); }

        @Override
        protected byte[] engineDigest() {
            try {
                return MessageDigest.getInstance("SHA-256").digest(data.toByteArray());
            } catch (GeneralSecurityException absent) {
                throw new IllegalStateException(absent);
            } finally {
                data.reset();
            }
        }

        @Override
        public Object clone() throws CloneNotSupportedException {
            Sha made = (Sha) super.clone();
            made.data = copy(data);
            return made;
        }
    }

    /** A digest that is its own implementation, as libraries bring them. */
    public static final class Own extends MessageDigest implements Cloneable {
        private Sha sha = new Sha();

        Own() { super("SHA-256"); }
        @Override protected void engineUpdate(byte one) { sha.engineUpdate(one); }
        @Override protected void engineUpdate(byte[] from, int at, int size) { sha.engineUpdate(from, at, size); }
        @Override protected byte[] engineDigest() { return sha.engineDigest(); }
        @Override protected void engineReset() { sha.engineReset(); }

        @Override
        public Object clone() throws CloneNotSupportedException {
            Own made = (Own) super.clone();
            made.sha = (Sha) sha.clone();
            return made;
        }
    }

    /** HMAC-SHA-256 of all that went in. */
    public static final class Hmac extends MacSpi implements Cloneable {
        private ByteArrayOutputStream data = new ByteArrayOutputStream();
        private Key key;

        @Override protected int engineGetMacLength() { return 32; }
        @Override protected void engineInit(Key key, AlgorithmParameterSpec parameters) { this.key = key; data.reset(); }
        @Override protected void engineUpdate(byte one) { data.write(one); }
        @Override protected void engineUpdate(byte[] from, int at, int size) { data.write(from, at, size); }
        @Override protected void engineReset() { data.reset(); }

        @Override
        protected byte[] engineDoFinal() {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(key);
                return mac.doFinal(data.toByteArray());
            } catch (GeneralSecurityException absent) {
                throw new IllegalStateException(absent);
            } finally {
                data.reset();
            }
        }

        @Override
        public Object clone() throws CloneNotSupportedException {
            Hmac made = (Hmac) super.clone();
            made.data = copy(data);
            return made;
        }
    }
}
