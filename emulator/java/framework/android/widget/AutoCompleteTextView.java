package android.widget;

import android.content.Context;
import android.text.Editable;
import android.text.TextWatcher;
import android.util.AttributeSet;

public class AutoCompleteTextView extends EditText {
    private ListAdapter mAdapter;
    private final ListPopupWindow mPopup;
    private AdapterView.OnItemClickListener mItemClickListener;
    private boolean mReplacing;

    public AutoCompleteTextView(Context context) {
        super(context);
        mPopup = new ListPopupWindow(context);
        mPopup.setAnchorView(this);
        mPopup.setOnItemClickListener((parent, view, position, id) -> {
            Object item = mAdapter.getItem(position);
            mReplacing = true;
            replaceText(mAdapter instanceof Filterable ? ((Filterable) mAdapter).getFilter().convertResultToString(item) : String.valueOf(item));
            mReplacing = false;
            dismissDropDown();
            if (mItemClickListener != null) mItemClickListener.onItemClick(parent, view, position, id);
        });
        addTextChangedListener(new TextWatcher() {
            @Override public void beforeTextChanged(CharSequence s, int start, int count, int after) {}
            @Override public void onTextChanged(CharSequence s, int start, int before, int count) {}
            @Override public void afterTextChanged(Editable s) { if (!mReplacing) typed(); }
        });
    }
    public AutoCompleteTextView(Context context, AttributeSet attrs) { this(context); }
    public AutoCompleteTextView(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public AutoCompleteTextView(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    @Override public CharSequence getAccessibilityClassName() { return "android.widget.EditText"; }
    private void typed() {
        if (!(mAdapter instanceof Filterable)) return;
        if (!enoughToFilter()) dismissDropDown();
        else if (isAttachedToWindow()) ((Filterable) mAdapter).getFilter().filter(getText(), count -> {
            if (count > 0) showDropDown();
            else dismissDropDown();
        });
    }
    public boolean enoughToFilter() { return getText().length() >= getThreshold(); }
    protected void replaceText(CharSequence text) { setText(text); }
    public <T extends ListAdapter & Filterable> void setAdapter(T adapter) {
        mAdapter = adapter;
        mPopup.setAdapter(adapter);
    }
    public ListAdapter getAdapter() { return mAdapter; }
    public void setOnItemClickListener(AdapterView.OnItemClickListener l) { mItemClickListener = l; }
    public AdapterView.OnItemClickListener getOnItemClickListener() { return mItemClickListener; }
    public void showDropDown() { if (isAttachedToWindow()) mPopup.show(); }
    public void dismissDropDown() { mPopup.dismiss(); }
    public boolean isPopupShowing() { return mPopup.isShowing(); }
}
