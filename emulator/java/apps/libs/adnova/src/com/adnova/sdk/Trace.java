package com.adnova.sdk;

import android.util.Log;
import java.util.concurrent.atomic.AtomicInteger;

/** The app's own output: one numbered line for each call, always the same for the same device and the same taps. */
final class Trace {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Trace() {}

    static void line(String what, String result) {
        Log.i("ShopOut", "adnova " + COUNT.incrementAndGet() + " " + what + " -> " + result);
    }

    /** The result of a read by length and hash: the value itself does not belong in a log. */
    static void value(String what, String value) {
        line(what, value == null ? "null" : value.length() + " characters, " + Integer.toHexString(value.hashCode()));
    }
}
