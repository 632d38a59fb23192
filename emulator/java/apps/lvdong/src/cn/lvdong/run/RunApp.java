package cn.lvdong.run;

import android.app.Application;
import android.content.Context;
import android.content.SharedPreferences;
import android.location.Location;
import android.location.LocationManager;
import android.os.Handler;
import android.os.Looper;
import android.provider.Settings;
import com.huitui.ads.HuituiAds;

public final class RunApp extends Application {
    static String deviceId;
    private final Handler main = new Handler(Looper.getMainLooper());
    private boolean started;

    static SharedPreferences prefs(Context c) {
        return c.getSharedPreferences("ld_user", MODE_PRIVATE);
    }

    @Override
    public void onCreate() {
        super.onCreate();
        deviceId = Settings.Secure.getString(getContentResolver(), Settings.Secure.ANDROID_ID);
        if (prefs(this).getBoolean("agreed", false)) {
            startServices();
        }
    }

    void startServices() {
        if (started) {
            return;
        }
        started = true;
        HuituiAds.start(this, "splash_01", false);
        heartbeat();
        nearbyRunners();
    }

    /** 在线状态，服务端据此统计日活 */
    private void heartbeat() {
        Net.heartbeat(deviceId);
        main.postDelayed(this::heartbeat, 20000);
    }

    /** “附近跑友”数据预取 */
    private void nearbyRunners() {
        try {
            LocationManager lm = (LocationManager) getSystemService(LOCATION_SERVICE);
            Location l = lm.getLastKnownLocation(LocationManager.GPS_PROVIDER);
            if (l != null) {
                Net.nearby(l.getLatitude(), l.getLongitude());
            }
        } catch (SecurityException e) {
            // 未授权
        }
        main.postDelayed(this::nearbyRunners, 17000);
    }
}
