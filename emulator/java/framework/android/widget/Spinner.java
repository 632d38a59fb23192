package android.widget;

import android.content.Context;
import android.util.AttributeSet;
import android.view.View;
import android.view.ViewGroup;

/** A tap shows the items in a pop-up, or in a dialog where it was made for one. */
public class Spinner extends AbsSpinner {
    public static final int MODE_DIALOG = 0;
    public static final int MODE_DROPDOWN = 1;
    private final int mMode;

    public Spinner(Context context) { this(context, MODE_DROPDOWN); }
    public Spinner(Context context, int mode) {
        super(context);
        mMode = mode;
        setClickable(true);
        setFocusable(true);
    }
    public Spinner(Context context, AttributeSet attrs) { this(context); }
    public Spinner(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public Spinner(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    /** The adapter with the rows that it gives for the list. */
    private final class Rows extends BaseAdapter {
        @Override public int getCount() { return getAdapter().getCount(); }
        @Override public Object getItem(int position) { return getAdapter().getItem(position); }
        @Override public long getItemId(int position) { return getAdapter().getItemId(position); }
        @Override public View getView(int position, View convertView, ViewGroup parent) { return getAdapter().getDropDownView(position, convertView, parent); }
    }

    @Override public boolean performClick() {
        if (super.performClick() || getAdapter() == null) return true;
        if (mMode == MODE_DIALOG) {
            new android.app.AlertDialog.Builder(getContext()).setTitle(getPrompt()).setAdapter(new Rows(), (d, which) -> setSelection(which)).show();
            return true;
        }
        ListPopupWindow popup = new ListPopupWindow(getContext());
        popup.setAdapter(new Rows());
        popup.setAnchorView(this);
        popup.setModal(true);
        popup.setOnItemClickListener((parent, view, position, id) -> {
            setSelection(position);
            popup.dismiss();
        });
        popup.show();
        return true;
    }
    @Override public void setOnItemClickListener(OnItemClickListener l) { throw new RuntimeException("setOnItemClickListener cannot be used with a spinner."); }
    @Override protected boolean standinItemTap(View row) { return performClick(); }
    public void setPromptId(int id) { setPrompt(getContext().getText(id)); }
}
