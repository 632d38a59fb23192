package android.os;

public final class Messenger implements Parcelable {
    private final Handler mTarget;

    public Messenger(Handler target) {
        mTarget = target;
    }

    public void send(Message message) throws RemoteException {
        mTarget.sendMessage(message);
    }

    public IBinder getBinder() {
        return new Binder();
    }

    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeValue(this); }
}
