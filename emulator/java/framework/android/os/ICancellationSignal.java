package android.os;

public interface ICancellationSignal extends IInterface {
    void cancel() throws RemoteException;
}
