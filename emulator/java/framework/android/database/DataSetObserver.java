package android.database;

public abstract class DataSetObserver {
    public void onChanged() {}
    public void onInvalidated() {}
}
