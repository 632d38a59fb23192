package android.os;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

public abstract class AsyncTask<Params, Progress, Result> {
    public enum Status { PENDING, RUNNING, FINISHED }

    private static final AtomicInteger COUNT = new AtomicInteger();

    private static Thread thread(Runnable r) {
        Thread t = new Thread(r, "AsyncTask #" + COUNT.incrementAndGet());
        t.setDaemon(true);
        return t;
    }

    public static final Executor THREAD_POOL_EXECUTOR = Executors.newCachedThreadPool(AsyncTask::thread);
    public static final Executor SERIAL_EXECUTOR = Executors.newSingleThreadExecutor(AsyncTask::thread);
    private final Handler mHandler = new Handler(Looper.getMainLooper());
    private volatile Status mStatus = Status.PENDING;
    private volatile boolean mCancelled;
    private Params[] mParams;
    private final FutureTask<Result> mFuture = new FutureTask<Result>(() -> doInBackground(mParams)) {
        @Override protected void done() {
            try {
                Result result = isCancelled() ? null : get();
                mHandler.post(() -> finish(result));
            } catch (InterruptedException | CancellationException gone) {
                mHandler.post(() -> finish(null));
            } catch (ExecutionException failed) {
                throw new RuntimeException("An error occurred while executing doInBackground()", failed.getCause());
            }
        }
    };

    protected abstract Result doInBackground(Params... params);

    protected void onPreExecute() {}
    protected void onPostExecute(Result result) {}
    protected void onProgressUpdate(Progress... values) {}
    protected void onCancelled(Result result) { onCancelled(); }
    protected void onCancelled() {}

    private void finish(Result result) {
        if (isCancelled()) onCancelled(result);
        else onPostExecute(result);
        mStatus = Status.FINISHED;
    }
    public final Status getStatus() { return mStatus; }
    public final boolean isCancelled() { return mCancelled; }
    public final boolean cancel(boolean mayInterrupt) {
        mCancelled = true;
        return mFuture.cancel(mayInterrupt);
    }
    public final Result get() throws InterruptedException, ExecutionException { return mFuture.get(); }
    public final Result get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException { return mFuture.get(timeout, unit); }

    @SafeVarargs
    protected final void publishProgress(Progress... values) {
        if (!isCancelled()) mHandler.post(() -> { if (!isCancelled()) onProgressUpdate(values); });
    }

    @SafeVarargs
    public final AsyncTask<Params, Progress, Result> execute(Params... params) {
        return executeOnExecutor(SERIAL_EXECUTOR, params);
    }

    @SafeVarargs
    public final AsyncTask<Params, Progress, Result> executeOnExecutor(Executor exec, Params... params) {
        if (mStatus == Status.RUNNING) throw new IllegalStateException("Cannot execute task: the task is already running.");
        if (mStatus == Status.FINISHED) throw new IllegalStateException("Cannot execute task: the task has already been executed (a task can be executed only once)");
        mStatus = Status.RUNNING;
        onPreExecute();
        mParams = params;
        exec.execute(mFuture);
        return this;
    }

    public static void execute(Runnable runnable) {
        SERIAL_EXECUTOR.execute(runnable);
    }
}
