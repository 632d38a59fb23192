package com.example.shopclean;

import android.content.Context;
import android.content.SharedPreferences;

/** What the customer chose, each purpose by itself. */
final class Consent {
    private Consent() {}

    private static SharedPreferences store(Context context) {
        return context.getSharedPreferences("shop", Context.MODE_PRIVATE);
    }

    /** Whether the policy question was answered, either way: it is asked once. */
    static boolean answered(Context context) {
        return store(context).getBoolean("answered", false);
    }

    static boolean agreed(Context context) {
        return store(context).getBoolean("agreed", false);
    }

    static void setAgreed(Context context, boolean yes) {
        store(context).edit().putBoolean("answered", true).putBoolean("agreed", yes).apply();
    }

    /** Whether statistics and push may read the device identifier: asked apart from the policy. */
    static boolean statistics(Context context) {
        return store(context).getBoolean("statistics", false);
    }

    static void setStatistics(Context context, boolean yes) {
        store(context).edit().putBoolean("statistics", yes).apply();
    }

    static boolean location(Context context) {
        return store(context).getBoolean("location", false);
    }

    static void setLocation(Context context, boolean yes) {
        store(context).edit().putBoolean("location", yes).apply();
    }

    /** Whether the location was refused: not asked again. */
    static boolean locationRefused(Context context) {
        return store(context).getBoolean("location_refused", false);
    }

    static void setLocationRefused(Context context) {
        store(context).edit().putBoolean("location_refused", true).apply();
    }

    static boolean personalised(Context context) {
        return store(context).getBoolean("personalised", false);
    }

    static void setPersonalised(Context context, boolean yes) {
        store(context).edit().putBoolean("personalised", yes).apply();
    }

    /** Takes back everything. */
    static void withdraw(Context context) {
        store(context).edit().putBoolean("agreed", false).putBoolean("statistics", false).putBoolean("location", false).putBoolean("personalised", false).apply();
    }
}
