package com.google.android.gms.ads.identifier;

import android.content.Context;
import android.os.Looper;
import java.io.IOException;
import standin.Device;
import standin.Read;

/** The advertising id as the library of Play services gives it. */
public class AdvertisingIdClient {
    private static final String CLS = "com.google.android.gms.ads.identifier.AdvertisingIdClient";
    private static final String ZEROS = "00000000-0000-0000-0000-000000000000";

    public static Info getAdvertisingIdInfo(Context context) throws IOException {
        if (Looper.myLooper() == Looper.getMainLooper()) throw new IllegalStateException("Calling this from your main thread can lead to deadlock");
        boolean limited = Device.getBoolean("identifiers.limit_ad_tracking", false);
        boolean open = Device.targetSdk() < 33 || Device.hasPermission("com.google.android.gms.permission.AD_ID");
        String id = Device.getString("identifiers.gaid");
        if (id == null) {
            Device.truth("gaid", CLS, "getAdvertisingIdInfo", "java.io.IOException");
            throw new IOException("Connection failure");
        }
        if (limited || !open) return Read.constant("gaid", CLS, "getAdvertisingIdInfo", new Info(ZEROS, true));
        return Read.give("gaid", CLS, "getAdvertisingIdInfo", new Info(id, false));
    }

    public static final class Info {
        private final String id;
        private final boolean limited;

        public Info(String advertisingId, boolean limitAdTrackingEnabled) {
            id = advertisingId;
            limited = limitAdTrackingEnabled;
        }

        public String getId() {
            return id;
        }

        public boolean isLimitAdTrackingEnabled() {
            return limited;
        }
    }
}
