package android.os;

public class ConditionVariable {
    private volatile boolean mCondition;

    public ConditionVariable() {}

    public ConditionVariable(boolean state) { mCondition = state; }
    public synchronized void open() {
        mCondition = true;
        notifyAll();
    }
    public synchronized void close() { mCondition = false; }
    public void block() { block(0); }
    public synchronized boolean block(long timeoutMs) {
        long end = SystemClock.elapsedRealtime() + timeoutMs;
        while (!mCondition && (timeoutMs == 0 || SystemClock.elapsedRealtime() < end)) {
            try {
                wait(timeoutMs == 0 ? 0 : Math.max(1, end - SystemClock.elapsedRealtime()));
            } catch (InterruptedException ignored) {
                // As on Android: keep waiting.
            }
        }
        return mCondition;
    }
}
