package com.adnova.sdk;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import com.bun.miitmdid.core.MdidSdkHelper;
import com.bun.miitmdid.interfaces.IdSupplier;
import com.google.android.gms.ads.identifier.AdvertisingIdClient;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** AdNova (a made-up company): asks for an advert and reports that it was shown. */
public final class AdNova {
    private static final ExecutorService WORK = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "adnova-work");
        thread.setDaemon(true);
        return thread;
    });
    private static volatile boolean running;
    private static volatile boolean personalised = true;
    private static volatile boolean location = true;
    private static Context context;
    private static volatile AdIds ids = new AdIds();

    private AdNova() {}

    /** Reads the advertising ids. Adverts can be asked for afterwards. */
    public static synchronized void init(Context appContext) {
        if (running) {
            return;
        }
        running = true;
        context = appContext;
        ids = new AdIds();
        MdidSdkHelper.InitSdk(appContext, true, AdNova::onIds);
        WORK.execute(AdNova::readGaid);
    }

    /** Whether adverts may follow the person; off = no id leaves the device. */
    public static void setPersonalised(boolean on) {
        personalised = on;
    }

    /** Whether the library may use the location, if the host app has the permission. */
    public static void setLocationAllowed(boolean on) {
        location = on;
    }

    /** Ends all requests until the next {@link #init}. */
    public static synchronized void shutdown() {
        running = false;
    }

    private static void onIds(boolean supported, IdSupplier supplier) {
        if (supplier != null && supplier.getOAID() != null) {
            ids.oaid = supplier.getOAID();
        }
        Trace.value("oaid", ids.oaid);
    }

    private static void readGaid() {
        try {
            ids.gaid = AdvertisingIdClient.getAdvertisingIdInfo(context).getId();
        } catch (Exception absent) {
            ids.gaid = "";
        }
    }

    /** Asks for an advert for {@code slot} and reports it as shown. The ids are read by then, or wait for their turn. */
    public static void loadAd(String slot) {
        if (!running) {
            return;
        }
        boolean track = personalised;
        Surroundings around = track ? Surroundings.read(context, location) : Surroundings.NONE;
        Trace.line("POST " + AdRequest.BID, slot);
        Trace.line("POST " + AdRequest.SHOWN, slot);
        WORK.execute(() -> {
            AdRequest.bid(slot, track ? ids : new AdIds(), around);
            AdRequest.shown(slot, track ? ids : new AdIds());
        });
    }

    /** A banner that reloads every {@code seconds}, visible or not. */
    public static void refreshEvery(int seconds) {
        Handler main = new Handler(Looper.getMainLooper());
        main.postDelayed(new Runnable() {
            @Override
            public void run() {
                if (running) {
                    Surroundings around = Surroundings.quiet(context, location);
                    WORK.execute(() -> AdRequest.bid("banner", ids, around));
                    main.postDelayed(this, seconds * 1000L);
                }
            }
        }, seconds * 1000L);
    }
}
