package android.widget;

import android.database.DataSetObserver;
import android.view.View;
import android.view.ViewGroup;
import java.util.ArrayList;

public class HeaderViewListAdapter implements WrapperListAdapter {
    private final ListAdapter mAdapter;
    private final ArrayList<ListView.FixedViewInfo> mHeaders;
    private final ArrayList<ListView.FixedViewInfo> mFooters;

    public HeaderViewListAdapter(ArrayList<ListView.FixedViewInfo> headers, ArrayList<ListView.FixedViewInfo> footers, ListAdapter adapter) {
        mHeaders = headers;
        mFooters = footers;
        mAdapter = adapter;
    }

    private ListView.FixedViewInfo fixed(int position) {
        if (position < mHeaders.size()) return mHeaders.get(position);
        int after = own(position) - mAdapter.getCount();
        return after >= 0 ? mFooters.get(after) : null;
    }
    private int own(int position) { return position - mHeaders.size(); }
    public int getHeadersCount() { return mHeaders.size(); }
    public int getFootersCount() { return mFooters.size(); }
    @Override public ListAdapter getWrappedAdapter() { return mAdapter; }
    @Override public int getCount() { return mHeaders.size() + mAdapter.getCount() + mFooters.size(); }
    @Override public boolean isEmpty() { return mAdapter.isEmpty(); }
    @Override public boolean areAllItemsEnabled() { return false; }
    @Override public boolean isEnabled(int position) { return fixed(position) != null ? fixed(position).isSelectable : mAdapter.isEnabled(own(position)); }
    @Override public Object getItem(int position) { return fixed(position) != null ? fixed(position).data : mAdapter.getItem(own(position)); }
    @Override public long getItemId(int position) { return fixed(position) != null ? -1 : mAdapter.getItemId(own(position)); }
    @Override public boolean hasStableIds() { return mAdapter.hasStableIds(); }
    @Override public View getView(int position, View convertView, ViewGroup parent) {
        return fixed(position) != null ? fixed(position).view : mAdapter.getView(own(position), convertView, parent);
    }
    @Override public int getItemViewType(int position) { return fixed(position) != null ? AdapterView.ITEM_VIEW_TYPE_HEADER_OR_FOOTER : mAdapter.getItemViewType(own(position)); }
    /** One more than the adapter's: a header is never converted to a row. */
    @Override public int getViewTypeCount() { return mAdapter.getViewTypeCount() + 1; }
    @Override public void registerDataSetObserver(DataSetObserver observer) { mAdapter.registerDataSetObserver(observer); }
    @Override public void unregisterDataSetObserver(DataSetObserver observer) { mAdapter.unregisterDataSetObserver(observer); }
}
