package com.huitui.ads;

import android.content.Context;
import android.os.Build;
import android.provider.Settings;
import android.util.Base64;
import android.util.Log;
import com.bun.miitmdid.core.MdidSdkHelper;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** 慧推广告 SDK 6.1 */
public final class HuituiAds {
    private static final ExecutorService IO = Executors.newSingleThreadExecutor();
    private static volatile String oaid = "";
    private static volatile String finger = "";
    private static volatile boolean on;

    private HuituiAds() {}

    /** @param strict true：只取 OAID（默认），false：无 OAID 时用设备指纹补充 */
    public static void start(Context context, String slot, boolean strict) {
        on = true;
        if (!strict) {
            finger = md5(Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID));
        }
        MdidSdkHelper.InitSdk(context, true, (ok, supplier) -> {
            if (supplier != null) {
                oaid = supplier.getOAID();
            }
            IO.execute(() -> config(context.getPackageName()));
            IO.execute(() -> load(slot));
        });
    }

    public static void stop() {
        on = false;
        oaid = "";
    }

    public static void load(String slot) {
        if (!on) {
            return;
        }
        IO.execute(() -> {
            String k = Base64.encodeToString(("{\"oaid\":\"" + oaid + "\",\"m\":\"" + Build.MODEL + "\"}")
                    .getBytes(StandardCharsets.UTF_8), Base64.NO_WRAP);
            send("https://bid.huitui-ads.com/x/imp", "application/json",
                    "{\"slot\":\"" + slot + "\",\"ver\":61,\"k\":\"" + k + "\"}");
        });
    }

    private static void config(String pkg) {
        try {
            send("https://sdk.huitui-ads.com/cfg", "application/x-www-form-urlencoded",
                    "pkg=" + pkg + "&u=" + URLEncoder.encode(oaid, "UTF-8") + "&os=android");
        } catch (Exception e) {
            Log.w("Huitui", e.toString());
        }
    }

    private static void send(String url, String type, String body) {
        try {
            HttpURLConnection h = (HttpURLConnection) new URL(url).openConnection();
            h.setRequestMethod("POST");
            h.setDoOutput(true);
            h.setConnectTimeout(8000);
            h.setReadTimeout(8000);
            h.setRequestProperty("Content-Type", type);
            if (!finger.isEmpty()) {
                h.setRequestProperty("X-Ht-Fp", finger);
            }
            try (OutputStream o = h.getOutputStream()) {
                o.write(body.getBytes(StandardCharsets.UTF_8));
            }
            Log.d("Huitui", url + " " + h.getResponseCode());
        } catch (Exception e) {
            Log.w("Huitui", e.toString());
        }
    }

    private static String md5(String s) {
        try {
            StringBuilder b = new StringBuilder();
            for (byte x : MessageDigest.getInstance("MD5").digest(s.getBytes(StandardCharsets.UTF_8))) {
                b.append(String.format("%02x", x));
            }
            return b.toString();
        } catch (Exception e) {
            return "";
        }
    }
}
