package com.example.app;

import android.location.Location;
import android.telephony.TelephonyManager;

/** Calls that deliver a value to the app's code, which makes something of it before they return. */
final class Delivers {
    interface Listener { String given(String value) throws Exception; }

    private Delivers() {}

    /** Asks the system, then tells the listener. */
    static String ask(Listener listener) throws Exception { return listener.given(new TelephonyManager().getDeviceId()); }

    /** A listener of the app's own, given the value. */
    static String told(String value, String made) throws Exception { return Transforms.sent("digest_in_parts", made); }

    static String placed(Location where, String made) throws Exception { return Transforms.sent("cipher_of_text", made); }

    /** What leaves the app, as text. */
    static String sent(String way, String value, String made) throws Exception {
        switch (way) {
            case "asked": return ask(id -> Transforms.sent("digest_in_parts", made.isEmpty() ? id : made));
            case "told": return told(value, made);
            case "placed": {
                String[] parts = value.split(",");
                return placed(new Location(Double.parseDouble(parts[0]), Double.parseDouble(parts[1])), made);
            }
            default: throw new IllegalArgumentException(way);
        }
    }
}
