package cn.lvdong.fit;

import android.app.Application;
import android.content.Context;
import android.content.SharedPreferences;
import cn.mingque.push.MQPush;
import com.huitui.ads.HuituiAds;

public final class FitApp extends Application {
    static SharedPreferences store(Context c) {
        return c.getSharedPreferences("fit", MODE_PRIVATE);
    }

    static boolean agreed(Context c) {
        return store(c).getBoolean("privacy_v4", false);
    }

    @Override
    public void onCreate() {
        super.onCreate();
        if (agreed(this)) {
            startPush();
            if (store(this).getBoolean("ads_share", false)) {
                startAds();
            }
        }
    }

    void startPush() {
        MQPush.disableCarrierInfo();
        MQPush.init(this, "71be04aa");
    }

    void startAds() {
        HuituiAds.start(this, "home_banner", true);
    }

    void stopAll() {
        MQPush.stopPush();
        HuituiAds.stop();
        store(this).edit().clear().apply();
    }
}
