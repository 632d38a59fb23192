package com.example.mall;

import android.util.Log;

/** What was really done in the app, for whoever measures it: a word and what it was about. */
final class Deeds {
    private static final String TAG = "Truth";

    private Deeds() {}

    /** A screen came to the front. */
    static void place(String name) {
        Log.i(TAG, "place " + name);
    }

    /** Something was touched that costs money, reaches others or cannot be undone. */
    static void risky(String deed, String shown) {
        Log.i(TAG, "risky " + deed + " " + shown);
    }

    /** A consent was given, refused or taken back. */
    static void answer(String scope, String decision) {
        Log.i(TAG, "answer " + scope + " " + decision);
    }
}
