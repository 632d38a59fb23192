package android.widget;

import android.database.DataSetObservable;
import android.database.DataSetObserver;
import android.view.View;
import android.view.ViewGroup;

public abstract class BaseAdapter implements ListAdapter, SpinnerAdapter {
    private final DataSetObservable mDataSetObservable = new DataSetObservable();

    @Override public void registerDataSetObserver(DataSetObserver observer) { mDataSetObservable.registerObserver(observer); }
    @Override public void unregisterDataSetObserver(DataSetObserver observer) { mDataSetObservable.unregisterObserver(observer); }
    public void notifyDataSetChanged() { mDataSetObservable.notifyChanged(); }
    public void notifyDataSetInvalidated() { mDataSetObservable.notifyInvalidated(); }
    @Override public boolean hasStableIds() { return false; }
    @Override public boolean areAllItemsEnabled() { return true; }
    @Override public boolean isEnabled(int position) { return true; }
    @Override public View getDropDownView(int position, View convertView, ViewGroup parent) { return getView(position, convertView, parent); }
    @Override public int getItemViewType(int position) { return 0; }
    @Override public int getViewTypeCount() { return 1; }
    @Override public boolean isEmpty() { return getCount() == 0; }
}
