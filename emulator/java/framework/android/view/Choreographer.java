package android.view;

import android.os.Handler;
import android.os.Looper;

/** A frame each 16 ms, on the thread that asks. */
public final class Choreographer {
    private static final ThreadLocal<Choreographer> INSTANCE = ThreadLocal.withInitial(Choreographer::new);
    private final Handler mHandler;

    public interface FrameCallback { void doFrame(long frameTimeNanos); }

    private Choreographer() {
        if (Looper.myLooper() == null) throw new IllegalStateException("The current thread must have a looper!");
        mHandler = new Handler();
    }

    public static Choreographer getInstance() { return INSTANCE.get(); }
    public void postFrameCallback(FrameCallback callback) { postFrameCallbackDelayed(callback, 16); }
    public void postFrameCallbackDelayed(FrameCallback callback, long delayMillis) {
        mHandler.postDelayed(() -> callback.doFrame(System.nanoTime()), callback, Math.max(16, delayMillis));
    }
    public void removeFrameCallback(FrameCallback callback) { mHandler.removeCallbacksAndMessages(callback); }
}
