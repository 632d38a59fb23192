package android.os;

import java.util.Objects;

public final class Messenger implements Parcelable {
    /** What {@link #getBinder} gives out: a handler that another messenger can be made from. */
    private static final class Target extends Binder {
        private static final String DESCRIPTOR = "android.os.IMessenger";
        private final Handler mHandler;

        Target(Handler handler) {
            super(DESCRIPTOR);
            mHandler = handler;
        }
    }

    private final IBinder mBinder;

    public Messenger(Handler target) {
        mBinder = new Target(Objects.requireNonNull(target, "target"));
    }

    public Messenger(IBinder target) {
        mBinder = target;
    }

    /** Only binders of a messenger take messages here: nothing is marshalled between processes. */
    public void send(Message message) throws RemoteException {
        if (!(mBinder instanceof Target)) {
            throw new DeadObjectException("not a messenger's binder: " + mBinder);
        }
        ((Target) mBinder).mHandler.sendMessage(message);
    }

    public IBinder getBinder() {
        return mBinder;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Messenger && mBinder.equals(((Messenger) other).mBinder);
    }

    @Override
    public int hashCode() {
        return mBinder.hashCode();
    }

    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeValue(this); }
}
