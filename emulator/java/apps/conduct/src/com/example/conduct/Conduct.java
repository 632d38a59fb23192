package com.example.conduct;

import android.content.Context;
import android.content.SharedPreferences;
import android.provider.Settings;

/**
 * What the app is to do: the global setting {@code conduct} is "violate SCENE" or "comply SCENE". A scene is a
 * group of behaviours that do not disturb each other; its name is that of the scenario.
 */
final class Conduct {
    private Conduct() {}

    private static String setting(Context context) {
        String value = Settings.Global.getString(context.getContentResolver(), "conduct");
        return value == null ? "" : value;
    }

    /** Whether the scene is to be played in breach of its rules. */
    static boolean bad(Context context) {
        return setting(context).startsWith("violate ");
    }

    static String scene(Context context) {
        String value = setting(context);
        return value.substring(value.indexOf(' ') + 1);
    }

    static boolean bad(Context context, String scene) {
        return bad(context) && scene.equals(scene(context));
    }

    static SharedPreferences store(Context context) {
        return context.getSharedPreferences("conduct", Context.MODE_PRIVATE);
    }

    static boolean is(Context context, String key) {
        return store(context).getBoolean(key, false);
    }

    static void set(Context context, String key, boolean value) {
        store(context).edit().putBoolean(key, value).commit();
    }
}
