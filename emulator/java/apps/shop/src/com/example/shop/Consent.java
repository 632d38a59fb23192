package com.example.shop;

import android.content.Context;
import android.content.SharedPreferences;

/** What the customer chose, as stored. */
final class Consent {
    private Consent() {}

    private static SharedPreferences store(Context context) {
        return context.getSharedPreferences("shop", Context.MODE_PRIVATE);
    }

    static boolean agreed(Context context) {
        return store(context).getBoolean("agreed", false);
    }

    static void setAgreed(Context context, boolean yes) {
        store(context).edit().putBoolean("agreed", yes).apply();
    }

    static boolean personalised(Context context) {
        return store(context).getBoolean("personalised", true);
    }

    static void setPersonalised(Context context, boolean yes) {
        store(context).edit().putBoolean("personalised", yes).apply();
    }

    static boolean askedPermissions(Context context) {
        return store(context).getBoolean("asked", false);
    }

    static void setAskedPermissions(Context context) {
        store(context).edit().putBoolean("asked", true).apply();
    }
}
