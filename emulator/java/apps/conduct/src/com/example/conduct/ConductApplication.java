package com.example.conduct;

import android.app.Application;

/** What happens before any screen. */
public final class ConductApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        if (Conduct.bad(this, "first_run")) {
            Net.send(Net.OWN, "did", Reads.androidId(this));
            Reads.kernel();
        } else if (Conduct.bad(this, "no_notice")) {
            Reads.androidId(this);
        }
    }
}
