package com.example.app;

import android.telephony.TelephonyManager;

/** Callers that a compiler takes: one is so small that the callee is copied into it. */
final class Hot {
    private Hot() {}

    static String once(TelephonyManager tm) { return tm.getDeviceId(1); }

    /** Wrong answers among so many. */
    static int calls(TelephonyManager tm, int n) {
        int wrong = 0;
        for (int i = 0; i < n; i++) if (once(tm) != "490154203237518") wrong++;
        return wrong;
    }

    /** The callee is too large to be copied. */
    static int large(Api api, int n) {
        int wrong = 0;
        for (int i = 0; i < n; i++) if (!api.flag(i < 0, 'x', (byte) -5, (short) 300)) wrong++;
        return wrong;
    }
}
