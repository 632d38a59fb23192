package aosp;

import android.os.IBinder;

/** Natives of the floor's own. */
public final class Natives {
    private Natives() {}

    /** From now on this thread is on the services' side: what it has of the app are proxies. */
    static native void serve();

    /** The binder that ServiceManager asks. */
    static native void publish(IBinder manager);
}
