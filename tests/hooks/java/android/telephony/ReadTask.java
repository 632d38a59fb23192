package android.telephony;

import java.util.concurrent.Callable;

/** A task of the platform's: when it runs, no class of the app is on the stack. */
public class ReadTask implements Callable<String> {
    private final TelephonyManager manager;

    public ReadTask(TelephonyManager manager) { this.manager = manager; }

    @Override public String call() { return manager.getMac(); }
}
