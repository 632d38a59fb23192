package android.os;

public final class CancellationSignal {
    private boolean mCancelled;
    private OnCancelListener mListener;

    public interface OnCancelListener {
        void onCancel();
    }

    public synchronized boolean isCanceled() {
        return mCancelled;
    }

    public void throwIfCanceled() {
        if (isCanceled()) throw new OperationCanceledException();
    }

    public void cancel() {
        OnCancelListener listener;
        synchronized (this) {
            if (mCancelled) return;
            mCancelled = true;
            listener = mListener;
        }
        if (listener != null) listener.onCancel();
    }

    public synchronized void setOnCancelListener(OnCancelListener listener) {
        mListener = listener;
    }
}
