package android.os;

public class Handler {
    /** Handles messages without a subclass; true means done. */
    public interface Callback {
        boolean handleMessage(Message msg);
    }

    final Looper mLooper;
    final Callback mCallback;

    public Handler() {
        this((Callback) null);
    }

    public Handler(Callback callback) {
        mLooper = Looper.myLooper();
        if (mLooper == null) {
            throw new RuntimeException("Can't create handler inside thread " + Thread.currentThread()
                    + " that has not called Looper.prepare()");
        }
        mCallback = callback;
    }

    public Handler(Looper looper) {
        this(looper, null);
    }

    public Handler(Looper looper, Callback callback) {
        mLooper = java.util.Objects.requireNonNull(looper, "looper");
        mCallback = callback;
    }

    public static Handler createAsync(Looper looper) {
        return new Handler(looper);
    }

    public void handleMessage(Message msg) {}

    public void dispatchMessage(Message msg) {
        if (msg.callback != null) {
            handleCallback(msg);
        } else {
            if (mCallback != null && mCallback.handleMessage(msg)) return;
            handleMessage(msg);
        }
    }

    private static void handleCallback(Message message) {
        message.callback.run();
    }

    public final Message obtainMessage() {
        return Message.obtain(this);
    }

    public final Message obtainMessage(int what) {
        return Message.obtain(this, what);
    }

    public final Message obtainMessage(int what, Object obj) {
        return Message.obtain(this, what, obj);
    }

    public final Message obtainMessage(int what, int arg1, int arg2) {
        return Message.obtain(this, what, arg1, arg2);
    }

    public final Message obtainMessage(int what, int arg1, int arg2, Object obj) {
        return Message.obtain(this, what, arg1, arg2, obj);
    }

    public final boolean post(Runnable r) {
        return postDelayed(r, 0);
    }

    public final boolean postDelayed(Runnable r, long delayMillis) {
        return sendMessageDelayed(Message.obtain(this, r), delayMillis);
    }

    public final boolean postDelayed(Runnable r, Object token, long delayMillis) {
        Message m = Message.obtain(this, r);
        m.obj = token;
        return sendMessageDelayed(m, delayMillis);
    }

    public final boolean postAtTime(Runnable r, long uptimeMillis) {
        return sendMessageAtTime(Message.obtain(this, r), uptimeMillis);
    }

    public final boolean postAtTime(Runnable r, Object token, long uptimeMillis) {
        Message m = Message.obtain(this, r);
        m.obj = token;
        return sendMessageAtTime(m, uptimeMillis);
    }

    public final boolean postAtFrontOfQueue(Runnable r) {
        return sendMessageAtTime(Message.obtain(this, r), 0);
    }

    public final boolean sendEmptyMessage(int what) {
        return sendEmptyMessageDelayed(what, 0);
    }

    public final boolean sendEmptyMessageDelayed(int what, long delayMillis) {
        return sendMessageDelayed(Message.obtain(this, what), delayMillis);
    }

    public final boolean sendMessage(Message msg) {
        return sendMessageDelayed(msg, 0);
    }

    public final boolean sendMessageDelayed(Message msg, long delayMillis) {
        return sendMessageAtTime(msg, SystemClock.uptimeMillis() + Math.max(0, delayMillis));
    }

    public boolean sendMessageAtTime(Message msg, long uptimeMillis) {
        msg.target = this;
        return mLooper.mQueue.enqueueMessage(msg, uptimeMillis);
    }

    public final void removeCallbacks(Runnable r) {
        mLooper.mQueue.remove(this, r, null, null);
    }

    public final void removeCallbacks(Runnable r, Object token) {
        mLooper.mQueue.remove(this, r, null, token);
    }

    public final void removeMessages(int what) {
        mLooper.mQueue.remove(this, null, what, null);
    }

    public final void removeMessages(int what, Object object) {
        mLooper.mQueue.remove(this, null, what, object);
    }

    public final void removeCallbacksAndMessages(Object token) {
        mLooper.mQueue.remove(this, null, null, token);
    }

    public final boolean hasMessages(int what) {
        return mLooper.mQueue.has(this, null, what, null);
    }

    public final boolean hasMessages(int what, Object object) {
        return mLooper.mQueue.has(this, null, what, object);
    }

    public final boolean sendMessageAtFrontOfQueue(Message msg) {
        return sendMessageAtTime(msg, 0);
    }

    public final boolean sendEmptyMessageAtTime(int what, long uptimeMillis) {
        return sendMessageAtTime(Message.obtain(this, what), uptimeMillis);
    }

    public static Handler createAsync(Looper looper, Callback callback) {
        return new Handler(looper, callback);
    }

    public final boolean hasCallbacks(Runnable r) {
        return mLooper.mQueue.has(this, r, null, null);
    }

    public final Looper getLooper() {
        return mLooper;
    }

    @Override
    public String toString() {
        return "Handler (" + getClass().getName() + ") {" + Integer.toHexString(System.identityHashCode(this)) + "}";
    }
}
