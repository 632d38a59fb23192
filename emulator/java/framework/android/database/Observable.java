package android.database;

import java.util.ArrayList;
import java.util.List;

public abstract class Observable<T> {
    protected final ArrayList<T> mObservers = new ArrayList<>();

    public void registerObserver(T observer) {
        if (observer == null) throw new IllegalArgumentException("The observer is null.");
        synchronized (mObservers) {
            if (mObservers.contains(observer)) throw new IllegalStateException("Observer " + observer + " is already registered.");
            mObservers.add(observer);
        }
    }
    public void unregisterObserver(T observer) {
        if (observer == null) throw new IllegalArgumentException("The observer is null.");
        synchronized (mObservers) {
            if (!mObservers.remove(observer)) throw new IllegalStateException("Observer " + observer + " was not registered.");
        }
    }
    public void unregisterAll() { synchronized (mObservers) { mObservers.clear(); } }
    List<T> copy() { synchronized (mObservers) { return new ArrayList<>(mObservers); } }
}
