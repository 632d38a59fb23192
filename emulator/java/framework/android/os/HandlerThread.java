package android.os;

public class HandlerThread extends Thread {
    private Looper mLooper;

    public HandlerThread(String name) {
        super(name);
    }

    public HandlerThread(String name, int priority) {
        super(name);
    }

    protected void onLooperPrepared() {}

    @Override
    public void run() {
        Looper.prepare();
        synchronized (this) {
            mLooper = Looper.myLooper();
            notifyAll();
        }
        onLooperPrepared();
        Looper.loop();
    }

    public Looper getLooper() {
        if (!isAlive()) return null;
        synchronized (this) {
            while (isAlive() && mLooper == null) {
                try {
                    wait();
                } catch (InterruptedException ignored) {
                    // As on Android: keep waiting for the looper.
                }
            }
        }
        return mLooper;
    }

    public boolean quit() {
        Looper looper = getLooper();
        if (looper != null) looper.quit();
        return looper != null;
    }

    public boolean quitSafely() {
        Looper looper = getLooper();
        if (looper != null) looper.quitSafely();
        return looper != null;
    }
}
