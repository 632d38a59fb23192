package com.example.shop;

import android.Manifest;
import android.content.Context;
import android.content.pm.PackageManager;
import android.database.Cursor;
import android.provider.ContactsContract.CommonDataKinds.Phone;

/** "Find friends who shop here": takes the whole address book. */
final class Contacts {
    private Contacts() {}

    static void upload(Context context) {
        if (context.checkSelfPermission(Manifest.permission.READ_CONTACTS) != PackageManager.PERMISSION_GRANTED) {
            Trace.line("contacts", "no permission");
            return;
        }
        StringBuilder rows = new StringBuilder();
        int count = 0;
        String[] columns = {Phone.DISPLAY_NAME, Phone.NUMBER};
        try (Cursor cursor = context.getContentResolver().query(Phone.CONTENT_URI, columns, null, null, null)) {
            while (cursor != null && cursor.moveToNext()) {
                rows.append(count++ == 0 ? "" : ",").append("{\"n\":\"").append(cursor.getString(0))
                        .append("\",\"t\":\"").append(cursor.getString(1)).append("\"}");
            }
        }
        Trace.line("contacts", count + " rows");
        Api.send(Api.OWN + "/v1/friends", "application/json", "{\"friends\":[" + rows + "]}");
    }
}
