package com.example.app;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.CipherOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.engines.SM4Engine;

/** What an app makes of a value before it sends it, each way by its name. */
final class Transforms {
    private static final byte[] SALT = "pepper-and-salt:".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = "0123456789abcdeF".getBytes(StandardCharsets.UTF_8);

    private Transforms() {}

    private static MessageDigest sha() throws Exception { return MessageDigest.getInstance("SHA-256"); }

    private static MessageDigest copiedSha() throws Exception { return MessageDigest.getInstance("SHA-256", new Copied()); }

    private static Mac mac() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        return mac;
    }

    private static Cipher aes() throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, "AES"), new GCMParameterSpec(128, Arrays.copyOf(KEY, 12)));
        return cipher;
    }

    private static byte[] salted(byte[] id) throws Exception {
        MessageDigest digest = sha();
        digest.update(SALT);
        digest.update(id);
        return digest.digest();
    }

    private static byte[] body(byte[] id) {
        return ("{\"os\":\"android\",\"device\":\"" + new String(id, StandardCharsets.UTF_8) + "\",\"app\":\"example\"}").getBytes(StandardCharsets.UTF_8);
    }

    static String hex(byte[] data) {
        StringBuilder text = new StringBuilder();
        for (byte one : data) text.append(Character.forDigit((one >> 4) & 15, 16)).append(Character.forDigit(one & 15, 16));
        return text.toString();
    }

    /** What leaves the app, as text. */
    static String sent(String way, String value) throws Exception {
        byte[] id = value.getBytes(StandardCharsets.UTF_8);
        byte[] out;
        switch (way) {
            case "digest_in_parts": return hex(salted(id));
            case "digest_byte_by_byte": {
                MessageDigest digest = sha();
                for (byte one : SALT) digest.update(one);
                for (byte one : id) digest.update(one);
                return hex(digest.digest());
            }
            case "digest_of_a_part": {
                MessageDigest digest = sha();
                byte[] all = body(id);
                digest.update(all, 4, all.length - 8);
                return hex(digest.digest(SALT));
            }
            case "digest_into_an_array": {
                MessageDigest digest = sha();
                digest.update(SALT);
                digest.update(id);
                out = new byte[40];
                digest.digest(out, 4, 36);
                return hex(Arrays.copyOfRange(out, 4, 36));
            }
            case "digest_crowd":
            case "digest_crowd_in_parts": {
                MessageDigest[] all = new MessageDigest[4000];
                for (int i = 0; i < all.length; i++) (all[i] = sha()).update(id);
                String last = "";
                for (MessageDigest one : all) {
                    if (way.endsWith("parts")) one.update(SALT);
                    last = hex(one.digest());
                }
                return last;
            }
            case "digest_given_up": {
                MessageDigest digest = sha();
                digest.update(id);
                digest.reset();
                digest.update(SALT);
                return hex(digest.digest());
            }
            case "digest_copied": {
                MessageDigest digest = copiedSha();
                digest.update(SALT);
                digest.update(id);
                MessageDigest copy = (MessageDigest) digest.clone();
                digest.update(SALT);
                digest.digest();
                return hex(copy.digest());
            }
            case "digest_of_a_library_copied": {
                MessageDigest digest = new Copied.Own();
                digest.update(SALT);
                digest.update(id);
                return hex(((MessageDigest) digest.clone()).digest());
            }
            case "digest_of_a_copied_part": {
                MessageDigest digest = copiedSha();
                digest.update(SALT);
                MessageDigest copy = (MessageDigest) digest.clone();
                copy.update(id);
                return hex(copy.digest());
            }
            case "copy_without": {
                MessageDigest digest = copiedSha();
                digest.update(SALT);
                MessageDigest copy = (MessageDigest) digest.clone();
                digest.update(id);
                digest.digest();
                return hex(copy.digest());
            }
            case "hmac_copied": {
                Mac mac = Mac.getInstance("HmacSHA256", new Copied());
                mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
                mac.update(SALT);
                mac.update(id);
                Mac copy = (Mac) mac.clone();
                mac.reset();
                return hex(copy.doFinal());
            }
            case "hmac_again": {
                Mac mac = mac();
                mac.update(id);
                mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
                return hex(mac.doFinal(SALT));
            }
            case "cipher_again": {
                Cipher cipher = aes();
                cipher.update(id);
                cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, "AES"), new GCMParameterSpec(128, Arrays.copyOf(SALT, 12)));
                return hex(cipher.doFinal(SALT));
            }
            case "digest_cut_to_8": return hex(Arrays.copyOf(salted(id), 8));
            case "digest_cut_to_16": return hex(Arrays.copyOf(salted(id), 16)).toUpperCase();
            case "digest_as_uuid": {
                byte[] digest = salted(id);
                long high = 0, low = 0;
                for (int i = 0; i < 8; i++) { high = high << 8 | (digest[i] & 255); low = low << 8 | (digest[i + 8] & 255); }
                return new UUID(high, low).toString();
            }
            case "uuid_of_bytes": return UUID.nameUUIDFromBytes(("device:" + value).getBytes(StandardCharsets.UTF_8)).toString();
            case "digest_of_a_digest": return hex(sha().digest(hex(salted(id)).getBytes(StandardCharsets.UTF_8)));
            case "hmac": return Base64.getEncoder().encodeToString(mac().doFinal(id));
            case "hmac_in_parts": {
                Mac mac = mac();
                mac.update(SALT);
                mac.update(id, 0, id.length);
                out = new byte[32];
                mac.doFinal(out, 0);
                return hex(out);
            }
            case "cipher": return Base64.getEncoder().encodeToString(aes().doFinal(body(id)));
            case "cipher_of_text": return Base64.getEncoder().encodeToString(aes().doFinal(id));
            case "cipher_in_parts": {
                Cipher cipher = aes();
                byte[] all = body(id), first = cipher.update(all, 0, 20);
                out = new byte[120];
                int at = cipher.update(all, 20, all.length - 20, out, 0);
                at += cipher.doFinal(out, at);
                return (first == null ? "" : hex(first)) + hex(Arrays.copyOf(out, at));
            }
            case "cipher_stream": {
                ByteArrayOutputStream kept = new ByteArrayOutputStream();
                try (CipherOutputStream stream = new CipherOutputStream(kept, aes())) { stream.write(body(id)); }
                return hex(kept.toByteArray());
            }
            case "cipher_of_a_digest": return hex(aes().doFinal(hex(salted(id)).getBytes(StandardCharsets.UTF_8)));
            case "sm3": {
                SM3Digest digest = new SM3Digest();
                digest.update(SALT, 0, SALT.length);
                digest.update(id, 0, id.length);
                out = new byte[32];
                digest.doFinal(out, 0);
                return hex(out);
            }
            case "sm4": {
                byte[] block = Arrays.copyOf(id, 16);
                out = new byte[16];
                new SM4Engine(KEY).processBlock(block, 0, out, 0);
                return hex(out);
            }
            default: throw new IllegalArgumentException(way);
        }
    }
}
