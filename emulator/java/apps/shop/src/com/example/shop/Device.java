package com.example.shop;

import android.content.Context;
import android.provider.Settings;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The device id that every request is signed with. */
final class Device {
    private Device() {}

    static String androidId(Context context) {
        return Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
    }

    /** A signature for each of {@code count} pictures, with the id read anew for each. */
    static String signatures(Context context, int count) {
        StringBuilder all = new StringBuilder();
        for (int number = 0; number < count; number++) {
            all.append(all.length() == 0 ? "" : ",").append(digest("SHA-1", androidId(context) + ":" + number), 0, 8);
        }
        return all.toString();
    }

    static String digest(String algorithm, String text) {
        try {
            byte[] sum = MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
            return String.format("%0" + sum.length * 2 + "x", new BigInteger(1, sum));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
