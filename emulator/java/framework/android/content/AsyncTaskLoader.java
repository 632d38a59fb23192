package android.content;

public abstract class AsyncTaskLoader<D> extends Loader<D> {
    private android.os.AsyncTask<Void, Void, D> task;

    public AsyncTaskLoader(Context context) { super(context); }

    @Override protected void onForceLoad() {
        cancelLoad();
        task = new android.os.AsyncTask<Void, Void, D>() {
            @Override protected D doInBackground(Void... none) { return onLoadInBackground(); }
            @Override protected void onPostExecute(D data) {
                if (isAbandoned()) onCanceled(data);
                else deliverResult(data);
            }
            @Override protected void onCancelled(D data) { onCanceled(data); }
        };
        task.executeOnExecutor(android.os.AsyncTask.THREAD_POOL_EXECUTOR);
    }
    @Override protected boolean onCancelLoad() { return task != null && task.cancel(false); }
    public void setUpdateThrottle(long delayMs) {}
    public void onCanceled(D data) {}
    protected D onLoadInBackground() { return loadInBackground(); }
    public void cancelLoadInBackground() {}
    public boolean isLoadInBackgroundCanceled() { return false; }

    public abstract D loadInBackground();
}
