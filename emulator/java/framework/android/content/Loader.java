package android.content;

public class Loader<D> {
    private final Context context;
    private int id;
    private OnLoadCompleteListener<D> listener;
    private OnLoadCanceledListener<D> canceled;
    private boolean started;
    private boolean reset = true;
    private boolean abandoned;
    private boolean changed;

    public interface OnLoadCompleteListener<D> {
        void onLoadComplete(Loader<D> loader, D data);
    }

    public interface OnLoadCanceledListener<D> {
        void onLoadCanceled(Loader<D> loader);
    }

    public final class ForceLoadContentObserver extends android.database.ContentObserver {
        public ForceLoadContentObserver() { super(new android.os.Handler(android.os.Looper.getMainLooper())); }

        @Override public boolean deliverSelfNotifications() { return true; }
        @Override public void onChange(boolean selfChange) { onContentChanged(); }
    }

    public Loader(Context context) { this.context = context.getApplicationContext(); }

    public void deliverResult(D data) { if (listener != null) listener.onLoadComplete(this, data); }
    public void deliverCancellation() { if (canceled != null) canceled.onLoadCanceled(this); }
    public Context getContext() { return context; }
    public int getId() { return id; }
    public void registerListener(int id, OnLoadCompleteListener<D> one) {
        this.id = id;
        listener = one;
    }
    public void unregisterListener(OnLoadCompleteListener<D> one) { listener = null; }
    public void registerOnLoadCanceledListener(OnLoadCanceledListener<D> one) { canceled = one; }
    public void unregisterOnLoadCanceledListener(OnLoadCanceledListener<D> one) { canceled = null; }
    public boolean isStarted() { return started; }
    public boolean isAbandoned() { return abandoned; }
    public boolean isReset() { return reset; }
    public final void startLoading() {
        started = true;
        reset = abandoned = false;
        onStartLoading();
    }
    protected void onStartLoading() {}
    public boolean cancelLoad() { return onCancelLoad(); }
    protected boolean onCancelLoad() { return false; }
    public void forceLoad() { onForceLoad(); }
    protected void onForceLoad() {}
    public void stopLoading() {
        started = false;
        onStopLoading();
    }
    protected void onStopLoading() {}
    public void abandon() {
        abandoned = true;
        onAbandon();
    }
    protected void onAbandon() {}
    public void reset() {
        onReset();
        reset = true;
        started = abandoned = changed = false;
    }
    protected void onReset() {}
    public boolean takeContentChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }
    public void commitContentChanged() { changed = false; }
    public void rollbackContentChanged() { changed = true; }
    public void onContentChanged() {
        if (started) forceLoad();
        else changed = true;
    }
    public String dataToString(D data) { return String.valueOf(data); }
}
