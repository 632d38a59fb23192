package com.quickmap.loc;

import android.content.Context;
import android.content.Intent;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import android.database.Cursor;
import android.net.Uri;

/** A small library that no table lists: it checks its set-up, and reads an identifier to tell devices apart. */
public final class QuickLoc {
    private QuickLoc() {}

    /** The key of the manifest, and whether the library's own receiver is declared: about this app alone. */
    public static boolean ready(Context context) {
        PackageManager packages = context.getPackageManager();
        Intent own = new Intent("com.quickmap.loc.CHANGED").setPackage(context.getPackageName());
        boolean declared = !packages.queryBroadcastReceivers(own, 0).isEmpty();
        Intent screen = new Intent(Intent.ACTION_MAIN).setPackage(context.getPackageName());
        declared &= packages.resolveActivity(screen, 0) != null;
        String me = packages.getNameForUid(android.os.Process.myUid());
        try {
            ApplicationInfo info = packages.getApplicationInfo(context.getPackageName(), PackageManager.GET_META_DATA);
            return declared && me != null && info.metaData != null && info.metaData.getString("com.quickmap.loc.KEY") != null;
        } catch (PackageManager.NameNotFoundException gone) {
            return false;
        }
    }

    /** The maker's identifier for advertising, from its provider. */
    public static String oaid(Context context) {
        Uri provider = Uri.parse("content://com.vivo.vms.IdProvider/IdentifierId/OAID");
        try (Cursor row = context.getContentResolver().query(provider, null, null, null, null)) {
            return row != null && row.moveToFirst() ? row.getString(row.getColumnIndex("value")) : "";
        }
    }
}
