package android.database;

public class DataSetObservable extends Observable<DataSetObserver> {
    public void notifyChanged() { for (DataSetObserver one : copy()) one.onChanged(); }
    public void notifyInvalidated() { for (DataSetObserver one : copy()) one.onInvalidated(); }
}
