package android.os;

public class Binder implements IBinder {
    private IInterface mOwner;
    private String mDescriptor;

    public Binder() {}

    public Binder(String descriptor) {
        mDescriptor = descriptor;
    }

    public void attachInterface(IInterface owner, String descriptor) {
        mOwner = owner;
        mDescriptor = descriptor;
    }

    @Override public String getInterfaceDescriptor() { return mDescriptor; }
    @Override public boolean pingBinder() { return true; }
    @Override public boolean isBinderAlive() { return true; }

    @Override
    public IInterface queryLocalInterface(String descriptor) {
        return mDescriptor != null && mDescriptor.equals(descriptor) ? mOwner : null;
    }

    protected boolean onTransact(int code, Parcel data, Parcel reply, int flags) throws RemoteException {
        return false;
    }

    @Override
    public final boolean transact(int code, Parcel data, Parcel reply, int flags) throws RemoteException {
        if (data != null) data.setDataPosition(0);
        boolean done = onTransact(code, data, reply, flags);
        if (reply != null) reply.setDataPosition(0);
        return done;
    }

    @Override public void linkToDeath(DeathRecipient recipient, int flags) {}
    @Override public boolean unlinkToDeath(DeathRecipient recipient, int flags) { return true; }
    public static int getCallingPid() { return Process.myPid(); }
    public static int getCallingUid() { return Process.myUid(); }
    public static UserHandle getCallingUserHandle() { return Process.myUserHandle(); }
    public static long clearCallingIdentity() { return 0; }
    public static void restoreCallingIdentity(long token) {}
}
