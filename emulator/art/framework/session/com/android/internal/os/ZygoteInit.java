package com.android.internal.os;

import android.app.AospSession;

/** First class of an app process on the floor. */
public final class ZygoteInit {
    private ZygoteInit() {}

    public static void main(String[] args) throws Exception {
        System.load(System.getProperty("aosp.natives"));  // for the boot class loader, which this class is of
        AospSession.main();
    }
}
