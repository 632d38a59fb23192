package com.adnova.sdk;

import android.os.Build;
import android.util.Base64;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The two requests of an advert: a form for the bid, JSON for the report. */
final class AdRequest {
    static final String BID = "https://ads.adnova.com.cn/v1/bid";
    static final String SHOWN = "https://ads.adnova.com.cn/v1/impression";

    private AdRequest() {}

    static void bid(String slot, AdIds ids, Surroundings around) {
        String form = "slot=" + encode(slot) + "&oaid=" + encode(ids.oaid) + "&gaid=" + encode(ids.gaid)
                + "&wifi=" + encode(around.ssid) + "&ap=" + encode(around.bssid) + "&aps=" + encode(around.networks)
                + "&lat=" + encode(around.latitude) + "&lon=" + encode(around.longitude)
                + "&model=" + encode(Build.MODEL);
        post(BID, "application/x-www-form-urlencoded", form);
    }

    /** The device part is JSON in base64 in JSON. */
    static void shown(String slot, AdIds ids) {
        String device = "{\"oaid\":\"" + ids.oaid + "\",\"gaid\":\"" + ids.gaid.replace("-", "") + "\"}";
        String packed = Base64.encodeToString(device.getBytes(StandardCharsets.UTF_8), Base64.NO_WRAP);
        post(SHOWN, "application/json", "{\"slot\":\"" + slot + "\",\"device\":\"" + packed + "\"}");
    }

    private static String encode(String text) {
        try {
            return URLEncoder.encode(text == null ? "" : text, "UTF-8");
        } catch (UnsupportedEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void post(String address, String type, String text) {
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) new URL(address).openConnection();
            connection.setConnectTimeout(3000);
            connection.setReadTimeout(5000);
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Content-Type", type);
            connection.setRequestProperty("User-Agent", "AdNova/5.1 (Android)");
            connection.setDoOutput(true);
            try (OutputStream body = connection.getOutputStream()) {
                body.write(text.getBytes(StandardCharsets.UTF_8));
            }
            connection.getResponseCode();
        } catch (IOException offline) {
            // no advert this time
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }
}
