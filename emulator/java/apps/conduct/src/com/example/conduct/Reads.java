package com.example.conduct;

import android.content.ClipData;
import android.content.ClipboardManager;
import android.content.ContentUris;
import android.content.Context;
import android.database.Cursor;
import android.location.Location;
import android.location.LocationManager;
import android.media.MediaDrm;
import android.media.UnsupportedSchemeException;
import android.net.Uri;
import android.provider.ContactsContract;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import com.bun.miitmdid.core.MdidSdkHelper;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Consumer;

/** One method for each kind of information. */
final class Reads {
    private static final UUID WIDEVINE = new UUID(0xEDEF8BA979D64ACEL, 0xA3C827DCD51D21EDL);

    private Reads() {}

    static String androidId(Context context) {
        return Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
    }

    static String simOperator(Context context) {
        return ((TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE)).getSimOperator();
    }

    static void oaid(Context context, Consumer<String> then) {
        MdidSdkHelper.InitSdk(context.getApplicationContext(), false,
                (supported, supplier) -> then.accept(supplier == null ? "" : supplier.getOAID()));
    }

    /** The device's number for protected media, in hex. */
    static String drmId() {
        try (MediaDrm drm = new MediaDrm(WIDEVINE)) {
            StringBuilder hex = new StringBuilder();
            for (byte one : drm.getPropertyByteArray(MediaDrm.PROPERTY_DEVICE_UNIQUE_ID)) {
                hex.append(String.format("%02x", one));
            }
            return hex.toString();
        } catch (UnsupportedSchemeException absent) {
            return "";
        }
    }

    static String clipboard(Context context) {
        ClipData data = ((ClipboardManager) context.getSystemService(Context.CLIPBOARD_SERVICE)).getPrimaryClip();
        return data == null || data.getItemCount() == 0 ? "" : String.valueOf(data.getItemAt(0).getText());
    }

    /** Which system runs below Android: about the device, not about a person. */
    static void kernel() {
        try {
            new ProcessBuilder("uname", "-r").start();
        } catch (IOException absent) {
            // nothing to tell
        }
    }

    /** Latitude and longitude as the networks in reach give them, empty if not known. */
    static String[] location(Context context) {
        return position(context, LocationManager.NETWORK_PROVIDER);
    }

    /** Latitude and longitude by satellite. */
    static String[] fineLocation(Context context) {
        return position(context, LocationManager.GPS_PROVIDER);
    }

    private static String[] position(Context context, String provider) {
        LocationManager manager = (LocationManager) context.getSystemService(Context.LOCATION_SERVICE);
        Location fix = manager.getLastKnownLocation(provider);
        return fix == null
                ? new String[] {"", ""}
                : new String[] {String.valueOf(fix.getLatitude()), String.valueOf(fix.getLongitude())};
    }

    /** Every number of the address book. */
    static int contacts(Context context) {
        return numbers(context, ContactsContract.CommonDataKinds.Phone.CONTENT_URI);
    }

    /** The first number only, as a picker would give it. */
    static int oneContact(Context context) {
        return numbers(context, ContentUris.withAppendedId(ContactsContract.CommonDataKinds.Phone.CONTENT_URI, 1));
    }

    private static int numbers(Context context, Uri from) {
        int count = 0;
        try (Cursor rows = context.getContentResolver().query(from,
                new String[] {ContactsContract.CommonDataKinds.Phone.NUMBER}, null, null, null)) {
            while (rows != null && rows.moveToNext()) {
                count += rows.getString(0).isEmpty() ? 0 : 1;
            }
        }
        return count;
    }
}
