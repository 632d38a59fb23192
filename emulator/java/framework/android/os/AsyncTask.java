package android.os;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

public abstract class AsyncTask<Params, Progress, Result> {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static Thread thread(Runnable r) {
        Thread t = new Thread(r, "AsyncTask #" + COUNT.incrementAndGet());
        t.setDaemon(true);
        return t;
    }

    public static final Executor THREAD_POOL_EXECUTOR = Executors.newCachedThreadPool(AsyncTask::thread);
    public static final Executor SERIAL_EXECUTOR = Executors.newSingleThreadExecutor(AsyncTask::thread);
    private final Handler mHandler = new Handler(Looper.getMainLooper());
    private final AtomicBoolean mCancelled = new AtomicBoolean();

    protected abstract Result doInBackground(Params... params);

    protected void onPreExecute() {}
    protected void onPostExecute(Result result) {}
    protected void onProgressUpdate(Progress... values) {}
    protected void onCancelled(Result result) {}

    public final boolean isCancelled() { return mCancelled.get(); }
    public final boolean cancel(boolean mayInterrupt) { return mCancelled.compareAndSet(false, true); }

    @SafeVarargs
    protected final void publishProgress(Progress... values) {
        mHandler.post(() -> onProgressUpdate(values));
    }

    @SafeVarargs
    public final AsyncTask<Params, Progress, Result> execute(Params... params) {
        return executeOnExecutor(SERIAL_EXECUTOR, params);
    }

    @SafeVarargs
    public final AsyncTask<Params, Progress, Result> executeOnExecutor(Executor exec, Params... params) {
        onPreExecute();
        exec.execute(() -> {
            Result result = doInBackground(params);
            mHandler.post(() -> {
                if (isCancelled()) onCancelled(result);
                else onPostExecute(result);
            });
        });
        return this;
    }

    public static void execute(Runnable runnable) {
        SERIAL_EXECUTOR.execute(runnable);
    }
}
