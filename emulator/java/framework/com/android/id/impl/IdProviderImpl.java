package com.android.id.impl;

import android.content.Context;
import standin.Read;

/** The vendor ids as one maker's system class gives them. */
public class IdProviderImpl {
    private static final String CLS = "com.android.id.impl.IdProviderImpl";

    public String getOAID(Context context) {
        return Read.text("oaid", CLS, "getOAID", "identifiers.oaid");
    }

    public String getVAID(Context context) {
        return Read.text("oaid", CLS, "getVAID", "identifiers.vaid");
    }

    public String getAAID(Context context) {
        return Read.text("oaid", CLS, "getAAID", "identifiers.aaid");
    }

    public String getUDID(Context context) {
        return Read.text("oaid", CLS, "getUDID", "identifiers.udid");
    }

    public String getDefaultUDID(Context context) {
        return getUDID(context);
    }
}
