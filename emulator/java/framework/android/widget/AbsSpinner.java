package android.widget;

import android.content.Context;
import android.database.DataSetObserver;
import android.util.AttributeSet;
import android.view.View;

/** Shows the item that is chosen. */
public abstract class AbsSpinner extends AdapterView<SpinnerAdapter> {
    private SpinnerAdapter mAdapter;
    private final DataSetObserver mObserver = new DataSetObserver() {
        @Override public void onChanged() { setSelection(Math.max(0, getSelectedItemPosition())); }
    };

    public AbsSpinner(Context context) { super(context); }
    public AbsSpinner(Context context, AttributeSet attrs) { super(context, attrs); }
    public AbsSpinner(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public AbsSpinner(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    @Override public SpinnerAdapter getAdapter() { return mAdapter; }
    @Override public void setAdapter(SpinnerAdapter adapter) {
        if (mAdapter != null) mAdapter.unregisterDataSetObserver(mObserver);
        mAdapter = adapter;
        select(INVALID_POSITION);
        if (adapter != null) adapter.registerDataSetObserver(mObserver);
        setSelection(adapter == null || adapter.getCount() == 0 ? INVALID_POSITION : 0);
    }
    public void setSelection(int position, boolean animate) { setSelection(position); }
    @Override public void setSelection(int position) {
        View shown = getChildAt(0);
        removeAllViews();
        if (mAdapter != null && position >= 0 && position < mAdapter.getCount()) addView(mAdapter.getView(position, shown, this));
        select(position);
    }
    @Override public View getSelectedView() { return getChildAt(0); }
    @Override public int getPositionForView(View view) { return getSelectedItemPosition(); }
}
