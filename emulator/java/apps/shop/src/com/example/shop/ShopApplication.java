package com.example.shop;

import android.app.Application;
import android.os.Build;
import com.adnova.sdk.AdNova;
import io.pushwave.client.PushWave;

/** Starts everything at once, before any consent. */
public final class ShopApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        if (getProcessName().contains(":")) {
            return;
        }
        String id = Device.androidId(this);
        Trace.value("android_id", id);
        String launch = "{\"device_id\":\"" + id + "\",\"model\":\"" + Build.MODEL + "\",\"channel\":\"store\"}";
        Api.send(Api.OWN + "/v1/launch", "application/json", launch);
        Api.send("http://img.shop.example.cn/pixel.gif?did=" + id, null, null);
        AdNova.init(this);
        AdNova.loadAd("splash");
        AdNova.refreshEvery(20);
        PushWave.init(this, true);
    }
}
