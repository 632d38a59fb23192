package cn.mingque.push;

import android.content.Context;
import android.os.Handler;
import android.os.HandlerThread;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import android.util.Log;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** 鸣雀推送 2.8.1 */
public final class MQPush {
    private static final String TAG = "MQPush";
    private static final String REG = "https://reg.mingque.net/v3/register";
    private static final String BEAT = "https://reg.mingque.net/v3/alive";
    private static Handler worker;
    private static volatile boolean stopped;
    private static String did;
    private static boolean carrier = true;

    private MQPush() {}

    public static void disableCarrierInfo() {
        carrier = false;
    }

    public static synchronized void init(Context context, String appKey) {
        stopped = false;
        if (worker != null) {
            return;
        }
        HandlerThread thread = new HandlerThread("mq-core");
        thread.start();
        worker = new Handler(thread.getLooper());
        Context app = context.getApplicationContext() == null ? context : context.getApplicationContext();
        worker.post(() -> register(app, appKey));
    }

    public static synchronized void stopPush() {
        stopped = true;
    }

    private static void register(Context c, String key) {
        did = Settings.Secure.getString(c.getContentResolver(), Settings.Secure.ANDROID_ID);
        StringBuilder b = new StringBuilder("{\"appkey\":\"").append(key).append("\",\"sdk\":\"2.8.1\",\"dev\":{\"aid\":\"")
                .append(did).append('"');
        if (carrier) {
            TelephonyManager tm = (TelephonyManager) c.getSystemService(Context.TELEPHONY_SERVICE);
            b.append(",\"op\":\"").append(tm.getSimOperatorName()).append('"');
        }
        b.append("}}");
        post(REG, b.toString());
        beat();
    }

    private static void beat() {
        worker.postDelayed(() -> {
            if (!stopped) {
                post(BEAT, "{\"t\":" + System.currentTimeMillis() + ",\"aid\":\"" + did + "\"}");
                beat();
            }
        }, 15000);
    }

    private static void post(String url, String json) {
        try {
            ByteArrayOutputStream raw = new ByteArrayOutputStream();
            try (GZIPOutputStream z = new GZIPOutputStream(raw)) {
                z.write(json.getBytes(StandardCharsets.UTF_8));
            }
            HttpURLConnection h = (HttpURLConnection) new URL(url).openConnection();
            h.setRequestMethod("POST");
            h.setDoOutput(true);
            h.setConnectTimeout(8000);
            h.setReadTimeout(8000);
            h.setRequestProperty("Content-Type", "application/json; charset=utf-8");
            h.setRequestProperty("Content-Encoding", "gzip");
            try (OutputStream o = h.getOutputStream()) {
                o.write(raw.toByteArray());
            }
            Log.d(TAG, "rsp " + h.getResponseCode());
            h.disconnect();
        } catch (Exception e) {
            Log.w(TAG, "post failed: " + e);
        }
    }
}
