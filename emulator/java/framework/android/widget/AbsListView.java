package android.widget;

import android.content.Context;
import android.database.DataSetObserver;
import android.util.AttributeSet;
import android.util.SparseBooleanArray;
import android.view.View;
import android.view.ViewGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

public abstract class AbsListView extends AdapterView<ListAdapter> {
    public static final int CHOICE_MODE_NONE = 0;
    public static final int CHOICE_MODE_SINGLE = 1;
    public static final int CHOICE_MODE_MULTIPLE = 2;
    public static final int CHOICE_MODE_MULTIPLE_MODAL = 3;
    public static final int TRANSCRIPT_MODE_DISABLED = 0;
    public static final int TRANSCRIPT_MODE_NORMAL = 1;
    public static final int TRANSCRIPT_MODE_ALWAYS_SCROLL = 2;
    ListAdapter mAdapter;
    private int mChoiceMode;
    private SparseBooleanArray mChecked = new SparseBooleanArray();
    private final List<View> mScrap = new ArrayList<>();
    private boolean mStale;
    private OnScrollListener mOnScrollListener;
    private final DataSetObserver mObserver = new DataSetObserver() {
        @Override public void onChanged() { changed(); }
        @Override public void onInvalidated() { changed(); }
    };

    public interface OnScrollListener {
        int SCROLL_STATE_IDLE = 0;
        int SCROLL_STATE_TOUCH_SCROLL = 1;
        int SCROLL_STATE_FLING = 2;

        void onScrollStateChanged(AbsListView view, int scrollState);

        void onScroll(AbsListView view, int firstVisibleItem, int visibleItemCount, int totalItemCount);
    }

    public interface RecyclerListener { void onMovedToScrapHeap(View view); }

    public static class LayoutParams extends ViewGroup.LayoutParams {
        public LayoutParams(int w, int h) { super(w, h); }
        public LayoutParams(int w, int h, int viewType) { super(w, h); }
        public LayoutParams(ViewGroup.LayoutParams source) { super(source); }
    }

    public AbsListView(Context context) { super(context); }
    public AbsListView(Context context, AttributeSet attrs) { super(context, attrs); }
    public AbsListView(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public AbsListView(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    @Override public ListAdapter getAdapter() { return mAdapter; }
    @Override public void setAdapter(ListAdapter adapter) {
        if (mAdapter != null) mAdapter.unregisterDataSetObserver(mObserver);
        mAdapter = adapter;
        mScrap.clear();
        mChecked.clear();
        super.removeAllViews();
        if (adapter != null) adapter.registerDataSetObserver(mObserver);
        changed();
    }

    /** Rows are made in the layout that follows, with those of before to convert. */
    private void changed() {
        emptiness();
        if (mStale) return;
        mStale = true;
        post(this::fill);
        requestLayout();
    }
    private void fill() {
        mStale = false;
        List<View> old = new ArrayList<>(mScrap);
        for (int i = 0; i < getChildCount(); i++) old.add(getChildAt(i));
        super.removeAllViews();
        mScrap.clear();
        boolean alike = mAdapter != null && mAdapter.getViewTypeCount() == 1;
        for (int i = 0; mAdapter != null && i < mAdapter.getCount(); i++) {
            View convert = alike && !old.isEmpty() && mAdapter.getItemViewType(i) >= 0 ? old.remove(0) : null;
            View row = mAdapter.getView(i, convert, this);
            super.addView(row, -1, row.getLayoutParams() == null ? generateDefaultLayoutParams() : row.getLayoutParams());
            mark(i);
        }
        if (mOnScrollListener != null) mOnScrollListener.onScroll(this, 0, getChildCount(), getCount());
    }
    @Override public void addView(View child, int index, ViewGroup.LayoutParams params) { throw new UnsupportedOperationException("addView(View, int, LayoutParams) is not supported in AdapterView"); }
    @Override public void removeView(View child) { throw new UnsupportedOperationException("removeView(View) is not supported in AdapterView"); }
    @Override public void removeAllViews() { throw new UnsupportedOperationException("removeAllViews() is not supported in AdapterView"); }

    private void mark(int position) {
        View row = getChildAt(position);
        if (row instanceof Checkable && mChoiceMode != CHOICE_MODE_NONE) ((Checkable) row).setChecked(mChecked.get(position));
    }
    public void setChoiceMode(int mode) { mChoiceMode = mode; }
    public int getChoiceMode() { return mChoiceMode; }
    public void setItemChecked(int position, boolean value) {
        if (mChoiceMode == CHOICE_MODE_NONE) return;
        if (mChoiceMode == CHOICE_MODE_SINGLE) mChecked.clear();
        mChecked.put(position, value);
        for (int i = 0; i < getChildCount(); i++) mark(i);
    }
    public boolean isItemChecked(int position) { return mChecked.get(position); }
    public int getCheckedItemPosition() {
        int at = mChoiceMode == CHOICE_MODE_SINGLE ? mChecked.indexOfValue(true) : -1;
        return at < 0 ? INVALID_POSITION : mChecked.keyAt(at);
    }
    public SparseBooleanArray getCheckedItemPositions() { return mChoiceMode == CHOICE_MODE_NONE ? null : mChecked; }
    public int getCheckedItemCount() {
        int count = 0;
        for (int i = 0; i < mChecked.size(); i++) if (mChecked.valueAt(i)) count++;
        return count;
    }
    public void clearChoices() { mChecked.clear(); }
    @Override public boolean performItemClick(View view, int position, long id) {
        if (mChoiceMode != CHOICE_MODE_NONE) setItemChecked(position, mChoiceMode == CHOICE_MODE_SINGLE || !isItemChecked(position));
        return super.performItemClick(view, position, id) || mChoiceMode != CHOICE_MODE_NONE;
    }
    @Override boolean enabled(int position) { return position >= 0 && mAdapter != null && mAdapter.isEnabled(position); }
    @Override public View getSelectedView() { return getChildAt(getSelectedItemPosition()); }
    @Override public void setSelection(int position) { select(position); }
    public void setOnScrollListener(OnScrollListener l) {
        mOnScrollListener = l;
        if (l != null) l.onScroll(this, 0, getChildCount(), getCount());
    }
    public void smoothScrollToPosition(int position) {}
    public void smoothScrollBy(int distance, int duration) {}
    public void invalidateViews() { changed(); }
    public void setSelector(int resID) {}
    public void setSelector(android.graphics.drawable.Drawable selector) {}
    public void setRecyclerListener(RecyclerListener l) {}
    @Override public Map<String, Object> standinNode() {
        Map<String, Object> n = super.standinNode();
        n.put("scrollable", true);
        return n;
    }
}
