package android.os;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public class RemoteCallbackList<E extends IInterface> {
    private final Map<IBinder, Object[]> mCallbacks = new LinkedHashMap<>();
    private List<Object[]> mBroadcast = new ArrayList<>();

    public boolean register(E callback) { return register(callback, null); }
    public synchronized boolean register(E callback, Object cookie) {
        mCallbacks.put(callback.asBinder(), new Object[] {callback, cookie});
        return true;
    }
    public synchronized boolean unregister(E callback) { return mCallbacks.remove(callback.asBinder()) != null; }
    public synchronized void kill() { mCallbacks.clear(); }
    public void onCallbackDied(E callback) {}
    public synchronized int beginBroadcast() {
        mBroadcast = new ArrayList<>(mCallbacks.values());
        return mBroadcast.size();
    }
    @SuppressWarnings("unchecked")
    public E getBroadcastItem(int index) { return (E) mBroadcast.get(index)[0]; }
    public Object getBroadcastCookie(int index) { return mBroadcast.get(index)[1]; }
    public void finishBroadcast() { mBroadcast = new ArrayList<>(); }
    public synchronized int getRegisteredCallbackCount() { return mCallbacks.size(); }
}
