package com.example.mall;

import android.content.Context;
import android.content.SharedPreferences;

/** What the customer chose: {@code granted}, {@code denied}, {@code withdrawn}, or nothing. */
final class Choice {
    static final String POLICY = "policy";

    private Choice() {}

    private static SharedPreferences store(Context context) {
        return context.getSharedPreferences("mall", Context.MODE_PRIVATE);
    }

    static void set(Context context, String scope, String decision) {
        store(context).edit().putString(scope, decision).apply();
        Deeds.answer(scope, decision);
    }

    static boolean answered(Context context, String scope) {
        return store(context).contains(scope);
    }

    static boolean granted(Context context, String scope) {
        return "granted".equals(store(context).getString(scope, ""));
    }
}
