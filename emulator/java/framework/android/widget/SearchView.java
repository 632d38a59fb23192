package android.widget;

import android.content.Context;
import android.text.Editable;
import android.text.TextWatcher;

public class SearchView extends LinearLayout {
    private final EditText mField;
    private OnQueryTextListener mListener;
    private OnCloseListener mCloseListener;

    public interface OnQueryTextListener {
        boolean onQueryTextSubmit(String query);

        boolean onQueryTextChange(String newText);
    }

    public interface OnCloseListener { boolean onClose(); }

    public SearchView(Context context) {
        super(context);
        mField = new EditText(context);
        addView(mField);
        mField.addTextChangedListener(new TextWatcher() {
            @Override public void beforeTextChanged(CharSequence s, int start, int count, int after) {}
            @Override public void onTextChanged(CharSequence s, int start, int before, int count) {}
            @Override public void afterTextChanged(Editable s) { if (mListener != null) mListener.onQueryTextChange(s.toString()); }
        });
        mField.setOnEditorActionListener((v, action, event) -> {
            submit();
            return true;
        });
    }
    public SearchView(Context context, android.util.AttributeSet attrs) { this(context); }
    public SearchView(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public SearchView(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    private void submit() { if (mListener != null && mField.length() > 0) mListener.onQueryTextSubmit(mField.getText().toString()); }
    public void setOnQueryTextListener(OnQueryTextListener l) { mListener = l; }
    public void setOnCloseListener(OnCloseListener l) { mCloseListener = l; }
    public void setQuery(CharSequence query, boolean submit) {
        mField.setText(query);
        if (submit) submit();
    }
    public CharSequence getQuery() { return mField.getText(); }
    public void setQueryHint(CharSequence hint) { mField.setHint(hint); }
    public CharSequence getQueryHint() { return mField.getHint(); }
    public void setIconified(boolean iconify) {
        if (iconify && mField.length() > 0) mField.setText("");
        else if (iconify && mCloseListener != null) mCloseListener.onClose();
    }
    public boolean isIconified() { return false; }
    public void setOnQueryTextFocusChangeListener(OnFocusChangeListener l) { mField.setOnFocusChangeListener(l); }
    public interface OnSuggestionListener {
        boolean onSuggestionSelect(int position);

        boolean onSuggestionClick(int position);
    }

    public void setSearchableInfo(android.app.SearchableInfo info) {}
    public void setOnSearchClickListener(OnClickListener listener) {}
    public void setOnSuggestionListener(OnSuggestionListener listener) {}
    public void setSuggestionsAdapter(CursorAdapter adapter) {}
    public CursorAdapter getSuggestionsAdapter() { return null; }
    public void setQueryRefinementEnabled(boolean on) {}
    public void onActionViewCollapsed() {}
    public void onActionViewExpanded() {}
}
