package android.os;

public abstract class CountDownTimer {
    private final long mMillisInFuture;
    private final long mInterval;
    private long mStop;
    private boolean mCancelled;
    private final Handler mHandler = new Handler(Looper.myLooper() != null ? Looper.myLooper() : Looper.getMainLooper());
    private final Runnable mTick = this::tick;

    public CountDownTimer(long millisInFuture, long countDownInterval) {
        mMillisInFuture = millisInFuture;
        mInterval = countDownInterval;
    }

    public abstract void onTick(long millisUntilFinished);

    public abstract void onFinish();

    public final synchronized void cancel() {
        mCancelled = true;
        mHandler.removeCallbacks(mTick);
    }

    public final synchronized CountDownTimer start() {
        mCancelled = false;
        if (mMillisInFuture <= 0) {
            onFinish();
            return this;
        }
        mStop = SystemClock.elapsedRealtime() + mMillisInFuture;
        mHandler.post(mTick);
        return this;
    }

    private synchronized void tick() {
        if (mCancelled) return;
        long left = mStop - SystemClock.elapsedRealtime();
        if (left <= 0) {
            onFinish();
            return;
        }
        long before = SystemClock.elapsedRealtime();
        onTick(left);
        long took = SystemClock.elapsedRealtime() - before;
        long wait = left < mInterval ? Math.max(0, left - took) : mInterval - took;
        while (wait < 0) wait += mInterval;
        if (!mCancelled) mHandler.postDelayed(mTick, wait);
    }
}
