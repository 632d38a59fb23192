package android.telephony;

import java.util.concurrent.Callable;

/** A task of the platform's: when it runs, no class of the app is on the stack. */
public class ReadTask implements Callable<String> {
    private final TelephonyManager manager;

    public ReadTask(TelephonyManager manager) { this.manager = manager; }

    /** Below so many frames of the platform. */
    public String deep(int depth) { return depth == 0 ? call() : deep(depth - 1); }

    @Override public String call() { return manager.getMac(); }
}
