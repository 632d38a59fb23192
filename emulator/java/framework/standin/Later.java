package standin;

import android.os.Handler;
import android.os.Looper;
import android.util.Log;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Where Android calls an app back: later, never inside the call that asked. */
public final class Later {
    private static final ExecutorService BINDER = Executors.newSingleThreadExecutor(run -> {
        Thread thread = new Thread(run, "binder:" + android.os.Process.myPid() + "_1");
        thread.setDaemon(true);
        return thread;
    });

    private Later() {}

    /** On a thread of the binder's pool, as a service's one-way answer comes; what is thrown there is logged and lost. */
    public static void binder(Runnable run) {
        BINDER.execute(() -> {
            try {
                run.run();
            } catch (RuntimeException thrown) {
                Log.e("JavaBinder", "*** Uncaught remote exception! Exceptions are not yet supported across processes.", thrown);
            }
        });
    }

    /** Of the given handler, else of the calling thread, else of the main thread. */
    public static Handler on(Handler given) {
        if (given != null) return given;
        return new Handler(Looper.myLooper() != null ? Looper.myLooper() : Looper.getMainLooper());
    }
}
