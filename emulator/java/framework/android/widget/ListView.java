package android.widget;

import android.content.Context;
import android.util.AttributeSet;
import android.view.View;
import java.util.ArrayList;
import java.util.List;

public class ListView extends AbsListView {
    private final List<FixedViewInfo> mHeaders = new ArrayList<>();
    private final List<FixedViewInfo> mFooters = new ArrayList<>();

    public class FixedViewInfo {
        public View view;
        public Object data;
        public boolean isSelectable;
    }

    public ListView(Context context) { super(context); }
    public ListView(Context context, AttributeSet attrs) { super(context, attrs); }
    public ListView(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public ListView(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    private FixedViewInfo fixed(View view, Object data, boolean selectable) {
        FixedViewInfo info = new FixedViewInfo();
        info.view = view;
        info.data = data;
        info.isSelectable = selectable;
        return info;
    }
    private void again() {
        if (mAdapter == null) return;
        ListAdapter own = mAdapter instanceof HeaderViewListAdapter ? ((HeaderViewListAdapter) mAdapter).getWrappedAdapter() : mAdapter;
        setAdapter(own);
    }
    public void addHeaderView(View v) { addHeaderView(v, null, true); }
    public void addHeaderView(View v, Object data, boolean isSelectable) {
        mHeaders.add(fixed(v, data, isSelectable));
        again();
    }
    public void addFooterView(View v) { addFooterView(v, null, true); }
    public void addFooterView(View v, Object data, boolean isSelectable) {
        mFooters.add(fixed(v, data, isSelectable));
        again();
    }
    private boolean drop(List<FixedViewInfo> from, View v) {
        boolean found = from.removeIf(info -> info.view == v);
        if (found) again();
        return found;
    }
    public boolean removeHeaderView(View v) { return drop(mHeaders, v); }
    public boolean removeFooterView(View v) { return drop(mFooters, v); }
    public int getHeaderViewsCount() { return mHeaders.size(); }
    public int getFooterViewsCount() { return mFooters.size(); }
    @Override public void setAdapter(ListAdapter adapter) {
        boolean plain = mHeaders.isEmpty() && mFooters.isEmpty();
        super.setAdapter(plain || adapter == null ? adapter : new HeaderViewListAdapter(new ArrayList<>(mHeaders), new ArrayList<>(mFooters), adapter));
    }
    public void setSelectionFromTop(int position, int y) { setSelection(position); }
}
