package com.example.mall;

import android.content.ClipboardManager;
import android.content.Context;
import android.hardware.Sensor;
import android.hardware.SensorManager;
import android.net.wifi.WifiManager;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What some places read; in the fair build only with the customer's agreement, and neither apps nor clipboard. */
final class Reads {
    private static final ExecutorService ONE = Executors.newSingleThreadExecutor();

    private Reads() {}

    static void run(Context context, int number) {
        if (Build.FAIR && (!Choice.granted(context, Choice.POLICY) || number == 2 || number == 3)) {
            return;
        }
        switch (number) {
            case 0 -> post("id", Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID));
            case 1 -> ((WifiManager) context.getSystemService(Context.WIFI_SERVICE)).getConnectionInfo().getSSID();
            case 2 -> context.getPackageManager().getInstalledPackages(0).size();
            case 3 -> ((ClipboardManager) context.getSystemService(Context.CLIPBOARD_SERVICE)).getPrimaryClip();
            case 4 -> ((TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE)).getSimOperator();
            case 5 -> ((SensorManager) context.getSystemService(Context.SENSOR_SERVICE))
                    .getDefaultSensor(Sensor.TYPE_ACCELEROMETER);
            case 6 -> ((WifiManager) context.getSystemService(Context.WIFI_SERVICE)).getScanResults();
            default -> ((TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE)).getNetworkOperator();
        }
    }

    private static void post(String name, String value) {
        ONE.execute(() -> {
            try {
                HttpURLConnection http = (HttpURLConnection) new URL("https://api.mall.example.cn/v1").openConnection();
                http.setRequestMethod("POST");
                http.setRequestProperty("Content-Type", "application/json");
                http.setDoOutput(true);
                try (OutputStream out = http.getOutputStream()) {
                    out.write(("{\"" + name + "\":\"" + value + "\"}").getBytes(StandardCharsets.UTF_8));
                }
                http.getResponseCode();
                http.disconnect();
            } catch (IOException offline) {
                android.util.Log.i("Mall", "offline");
            }
        });
    }
}
