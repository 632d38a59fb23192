package android.widget;

import android.content.Context;
import android.database.DataSetObserver;
import android.util.AttributeSet;
import android.view.View;
import android.view.ViewGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A list of groups, each with its children below it while it is open. */
public class ExpandableListView extends ListView {
    public static final int PACKED_POSITION_TYPE_GROUP = 0;
    public static final int PACKED_POSITION_TYPE_CHILD = 1;
    public static final int PACKED_POSITION_TYPE_NULL = 2;
    private final Set<Integer> mOpen = new TreeSet<>();
    private ExpandableListAdapter mGroups;
    private OnGroupClickListener mGroupClick;
    private OnChildClickListener mChildClick;
    private OnGroupExpandListener mExpand;
    private OnGroupCollapseListener mCollapse;
    private final DataSetObserver mObserver = new DataSetObserver() {
        @Override public void onChanged() { mRows.notifyDataSetChanged(); }
    };
    private final BaseAdapter mRows = new BaseAdapter() {
        @Override public int getCount() { return rows().size(); }
        @Override public Object getItem(int position) { return rows().get(position); }
        @Override public long getItemId(int position) { return position; }
        @Override public View getView(int position, View convertView, ViewGroup parent) {
            int[] row = rows().get(position);
            boolean last = row[1] == mGroups.getChildrenCount(row[0]) - 1;
            return row[1] < 0 ? mGroups.getGroupView(row[0], mOpen.contains(row[0]), null, parent) : mGroups.getChildView(row[0], row[1], last, null, parent);
        }
    };

    public interface OnGroupClickListener {
        boolean onGroupClick(ExpandableListView parent, View v, int groupPosition, long id);
    }

    public interface OnChildClickListener {
        boolean onChildClick(ExpandableListView parent, View v, int groupPosition, int childPosition, long id);
    }

    public interface OnGroupExpandListener {
        void onGroupExpand(int groupPosition);
    }

    public interface OnGroupCollapseListener {
        void onGroupCollapse(int groupPosition);
    }

    public ExpandableListView(Context context) {
        super(context);
        super.setOnItemClickListener((parent, view, position, id) -> clicked(view, rows().get(position)));
    }
    public ExpandableListView(Context context, AttributeSet attrs) { this(context); }

    private List<int[]> rows() {
        List<int[]> all = new ArrayList<>();
        for (int g = 0; mGroups != null && g < mGroups.getGroupCount(); g++) {
            all.add(new int[] {g, -1});
            for (int c = 0; mOpen.contains(g) && c < mGroups.getChildrenCount(g); c++) all.add(new int[] {g, c});
        }
        return all;
    }
    private void clicked(View view, int[] row) {
        if (row[1] >= 0) {
            if (mChildClick != null) mChildClick.onChildClick(this, view, row[0], row[1], mGroups.getChildId(row[0], row[1]));
        } else if (mGroupClick == null || !mGroupClick.onGroupClick(this, view, row[0], mGroups.getGroupId(row[0]))) {
            if (!collapseGroup(row[0])) expandGroup(row[0]);
        }
    }
    public void setAdapter(ExpandableListAdapter adapter) {
        if (mGroups != null) mGroups.unregisterDataSetObserver(mObserver);
        mGroups = adapter;
        if (adapter != null) adapter.registerDataSetObserver(mObserver);
        super.setAdapter(adapter == null ? null : mRows);
    }
    public ExpandableListAdapter getExpandableListAdapter() { return mGroups; }
    public boolean expandGroup(int group) { return expandGroup(group, false); }
    public boolean expandGroup(int group, boolean animate) {
        if (!mOpen.add(group)) return false;
        mGroups.onGroupExpanded(group);
        mRows.notifyDataSetChanged();
        if (mExpand != null) mExpand.onGroupExpand(group);
        return true;
    }
    public boolean collapseGroup(int group) {
        if (!mOpen.remove(group)) return false;
        mGroups.onGroupCollapsed(group);
        mRows.notifyDataSetChanged();
        if (mCollapse != null) mCollapse.onGroupCollapse(group);
        return true;
    }
    public boolean isGroupExpanded(int group) { return mOpen.contains(group); }
    public void setOnGroupClickListener(OnGroupClickListener l) { mGroupClick = l; }
    public void setOnChildClickListener(OnChildClickListener l) { mChildClick = l; }
    public void setOnGroupExpandListener(OnGroupExpandListener l) { mExpand = l; }
    public void setOnGroupCollapseListener(OnGroupCollapseListener l) { mCollapse = l; }
    public void setGroupIndicator(android.graphics.drawable.Drawable d) {}
    public void setChildIndicator(android.graphics.drawable.Drawable d) {}
    public void setChildDivider(android.graphics.drawable.Drawable d) {}
    public void setIndicatorBounds(int left, int right) {}
    public void setSelectedGroup(int group) {}
    public static int getPackedPositionType(long packed) { return packed == 0xffffffffL ? PACKED_POSITION_TYPE_NULL : packed < 0 ? PACKED_POSITION_TYPE_CHILD : PACKED_POSITION_TYPE_GROUP; }
    public static int getPackedPositionGroup(long packed) { return (int) (packed >> 32 & 0x7fffffff); }
    public static int getPackedPositionChild(long packed) { return packed < 0 ? (int) packed : -1; }
}
