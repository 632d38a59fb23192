package android.widget;

import android.content.Context;
import android.util.AttributeSet;
import android.view.View;
import android.view.ViewGroup;
import java.util.List;
import java.util.Map;

/** Views of an adapter's items. All of them are made: the device scrolls a list without asking its app. */
public abstract class AdapterView<T extends Adapter> extends ViewGroup {
    public static final int INVALID_POSITION = -1;
    public static final long INVALID_ROW_ID = Long.MIN_VALUE;
    public static final int ITEM_VIEW_TYPE_IGNORE = -1;
    public static final int ITEM_VIEW_TYPE_HEADER_OR_FOOTER = -2;
    private OnItemClickListener mOnItemClickListener;
    private OnItemLongClickListener mOnItemLongClickListener;
    private OnItemSelectedListener mOnItemSelectedListener;
    private View mEmptyView;
    private AdapterContextMenuInfo mPressed;
    private int mSelectedPosition = INVALID_POSITION;

    public interface OnItemClickListener {
        void onItemClick(AdapterView<?> parent, View view, int position, long id);
    }

    public interface OnItemLongClickListener {
        boolean onItemLongClick(AdapterView<?> parent, View view, int position, long id);
    }

    public interface OnItemSelectedListener {
        void onItemSelected(AdapterView<?> parent, View view, int position, long id);

        void onNothingSelected(AdapterView<?> parent);
    }

    public static class AdapterContextMenuInfo implements android.view.ContextMenu.ContextMenuInfo {
        public View targetView;
        public int position;
        public long id;

        public AdapterContextMenuInfo(View targetView, int position, long id) {
            this.targetView = targetView;
            this.position = position;
            this.id = id;
        }
    }

    public AdapterView(Context context) { super(context); }
    public AdapterView(Context context, AttributeSet attrs) { super(context, attrs); }
    public AdapterView(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public AdapterView(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    public abstract T getAdapter();
    public abstract void setAdapter(T adapter);
    public abstract View getSelectedView();
    public abstract void setSelection(int position);

    public void setOnItemClickListener(OnItemClickListener listener) { mOnItemClickListener = listener; }
    public final OnItemClickListener getOnItemClickListener() { return mOnItemClickListener; }
    public void setOnItemLongClickListener(OnItemLongClickListener listener) { mOnItemLongClickListener = listener; }
    public final OnItemLongClickListener getOnItemLongClickListener() { return mOnItemLongClickListener; }
    public void setOnItemSelectedListener(OnItemSelectedListener listener) { mOnItemSelectedListener = listener; }
    public final OnItemSelectedListener getOnItemSelectedListener() { return mOnItemSelectedListener; }
    @Override public void setOnClickListener(OnClickListener l) {
        throw new RuntimeException("Don't call setOnClickListener for an AdapterView. You probably want setOnItemClickListener instead");
    }

    public boolean performItemClick(View view, int position, long id) {
        if (mOnItemClickListener == null) return false;
        mOnItemClickListener.onItemClick(this, view, position, id);
        return true;
    }

    public int getCount() { return getAdapter() == null ? 0 : getAdapter().getCount(); }
    public Object getItemAtPosition(int position) { return position < 0 || getAdapter() == null ? null : getAdapter().getItem(position); }
    public long getItemIdAtPosition(int position) { return position < 0 || getAdapter() == null ? INVALID_ROW_ID : getAdapter().getItemId(position); }
    public int getFirstVisiblePosition() { return 0; }
    public int getLastVisiblePosition() { return getCount() - 1; }
    public int getSelectedItemPosition() { return mSelectedPosition; }
    public long getSelectedItemId() { return getItemIdAtPosition(mSelectedPosition); }
    public Object getSelectedItem() { return getItemAtPosition(mSelectedPosition); }
    public int getPositionForView(View view) {
        while (view != null && view.getParent() != this) view = view.getParent() instanceof View ? (View) view.getParent() : null;
        return view == null ? INVALID_POSITION : indexOfChild(view);
    }
    public void setEmptyView(View empty) {
        mEmptyView = empty;
        emptiness();
    }
    public View getEmptyView() { return mEmptyView; }
    void emptiness() {
        boolean empty = getAdapter() == null || getAdapter().isEmpty();
        if (mEmptyView == null) return;
        mEmptyView.setVisibility(empty ? VISIBLE : GONE);
        setVisibility(empty ? GONE : VISIBLE);
    }
    /** Told after the layout that follows, as on Android. */
    void select(int position) {
        if (position == mSelectedPosition) return;
        mSelectedPosition = position;
        post(() -> {
            if (mOnItemSelectedListener == null || mSelectedPosition != position) return;
            if (position < 0 || position >= getCount()) mOnItemSelectedListener.onNothingSelected(this);
            else mOnItemSelectedListener.onItemSelected(this, getSelectedView(), position, getItemIdAtPosition(position));
        });
    }

    boolean enabled(int position) { return true; }
    @Override protected boolean standinItemTap(View row) {
        int position = getPositionForView(row);
        return !row.hasFocusable() && enabled(position) && performItemClick(row, position, getItemIdAtPosition(position));
    }
    @Override protected boolean standinItemPress(View row) {
        int position = getPositionForView(row);
        mPressed = new AdapterContextMenuInfo(row, position, getItemIdAtPosition(position));
        boolean taken = enabled(position) && mOnItemLongClickListener != null
                && mOnItemLongClickListener.onItemLongClick(this, row, position, mPressed.id);
        return taken || showContextMenu();
    }
    @Override protected android.view.ContextMenu.ContextMenuInfo getContextMenuInfo() { return mPressed; }
    @SuppressWarnings("unchecked")
    @Override protected List<Object> standinChildren() {
        List<Object> rows = super.standinChildren();
        int at = 0;
        for (int i = 0; i < getChildCount(); i++) {
            View row = getChildAt(i);
            if (row.getVisibility() != VISIBLE) continue;
            if (enabled(i) && !row.hasFocusable()) ((Map<String, Object>) rows.get(at)).put("clickable", true);
            if (mOnItemLongClickListener != null) ((Map<String, Object>) rows.get(at)).put("long", true);
            at++;
        }
        return rows;
    }
}
