package com.example.shopclean;

import android.app.Application;
import android.content.Context;
import cn.beacon.analytics.Beacon;
import cn.beacon.analytics.BeaconConfig;
import com.adnova.sdk.AdNova;
import io.pushwave.client.PushWave;

/** Does nothing by itself: the libraries start when the customer has agreed. */
public final class ShopApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        if (!getProcessName().contains(":") && Consent.agreed(this)) {
            startServices(this);
        }
    }

    /** Statistics and push, as the policy says: without hardware ids, app list, heartbeat or clipboard. */
    static void startServices(Context context) {
        Context app = context.getApplicationContext();
        if (Consent.statistics(context)) {
            Beacon.start(app, new BeaconConfig().deviceIds(false).installedApps(false).heartbeat(false));
            PushWave.init(app, false);
        }
        if (Consent.personalised(context)) {
            startAds(app);
        }
    }

    /** Adverts, only with the separate consent to sharing. */
    static void startAds(Context context) {
        AdNova.setLocationAllowed(false);
        AdNova.setPersonalised(true);
        AdNova.init(context.getApplicationContext());
        AdNova.loadAd("home");
    }

    static void stopServices(Context context) {
        Beacon.stop();
        AdNova.shutdown();
        PushWave.stop(context.getApplicationContext());
    }
}
