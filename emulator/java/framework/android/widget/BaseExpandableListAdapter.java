package android.widget;

import android.database.DataSetObservable;
import android.database.DataSetObserver;

public abstract class BaseExpandableListAdapter implements ExpandableListAdapter {
    private final DataSetObservable mObservers = new DataSetObservable();

    @Override public void registerDataSetObserver(DataSetObserver observer) { mObservers.registerObserver(observer); }
    @Override public void unregisterDataSetObserver(DataSetObserver observer) { mObservers.unregisterObserver(observer); }
    public void notifyDataSetChanged() { mObservers.notifyChanged(); }
    public void notifyDataSetInvalidated() { mObservers.notifyInvalidated(); }
    @Override public boolean areAllItemsEnabled() { return true; }
    @Override public boolean isEmpty() { return getGroupCount() == 0; }
    @Override public void onGroupExpanded(int groupPosition) {}
    @Override public void onGroupCollapsed(int groupPosition) {}
    @Override public long getCombinedChildId(long groupId, long childId) { return 0x8000000000000000L | (groupId & 0x7fffffff) << 32 | childId & 0xffffffffL; }
    @Override public long getCombinedGroupId(long groupId) { return (groupId & 0x7fffffff) << 32; }
    public int getChildType(int groupPosition, int childPosition) { return 0; }
    public int getChildTypeCount() { return 1; }
    public int getGroupType(int groupPosition) { return 0; }
    public int getGroupTypeCount() { return 1; }
}
