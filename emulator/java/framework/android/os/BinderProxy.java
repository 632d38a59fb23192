package android.os;

import java.util.Objects;

/** A service that lives outside the app: what it answers is given as a function of the call. */
public final class BinderProxy implements IBinder {
    /** The far end of a call. */
    public interface Remote {
        boolean onTransact(int code, Parcel data, Parcel reply) throws RemoteException;
    }

    private final String mDescriptor;
    private final Remote mRemote;

    public BinderProxy(String descriptor, Remote remote) {
        mDescriptor = descriptor;
        mRemote = Objects.requireNonNull(remote);
    }

    @Override public String getInterfaceDescriptor() { return mDescriptor; }
    @Override public boolean pingBinder() { return true; }
    @Override public boolean isBinderAlive() { return true; }
    @Override public IInterface queryLocalInterface(String descriptor) { return null; }

    @Override
    public boolean transact(int code, Parcel data, Parcel reply, int flags) throws RemoteException {
        if (data != null) data.setDataPosition(0);
        boolean done = mRemote.onTransact(code, data, reply);
        if (reply != null) reply.setDataPosition(0);
        return done;
    }

    @Override public void linkToDeath(DeathRecipient recipient, int flags) {}
    @Override public boolean unlinkToDeath(DeathRecipient recipient, int flags) { return true; }
}
