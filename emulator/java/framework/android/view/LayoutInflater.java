package android.view;

import android.content.Context;
import android.widget.CheckedTextView;
import android.widget.TextView;
import android.widget.TwoLineListItem;

public abstract class LayoutInflater {
    private final Context mContext;

    protected LayoutInflater(Context context) {
        mContext = context;
    }

    public static LayoutInflater from(Context context) {
        return (LayoutInflater) context.getSystemService(Context.LAYOUT_INFLATER_SERVICE);
    }

    public Context getContext() { return mContext; }

    /** An app's layout resources do not exist here: its views are made in code. */
    public View inflate(int resource, ViewGroup root) {
        return inflate(resource, root, root != null);
    }

    public View inflate(int resource, ViewGroup root, boolean attachToRoot) {
        View made = platform(resource);
        if (made == null) throw new InflateException("This device has no layout resources: build the views in code");
        if (root == null || !attachToRoot) return made;
        root.addView(made);
        return root;
    }

    /** Those of the platform's that adapters use, or null. */
    private View platform(int resource) {
        switch (resource) {
            case android.R.layout.simple_list_item_1:
            case android.R.layout.simple_expandable_list_item_1:
            case android.R.layout.simple_spinner_item:
            case android.R.layout.select_dialog_item:
            case android.R.layout.simple_dropdown_item_1line:
            case android.R.layout.simple_list_item_activated_1:
                return named(new TextView(mContext), android.R.id.text1);
            case android.R.layout.simple_list_item_checked:
            case android.R.layout.simple_list_item_single_choice:
            case android.R.layout.simple_list_item_multiple_choice:
            case android.R.layout.simple_spinner_dropdown_item:
            case android.R.layout.select_dialog_singlechoice:
            case android.R.layout.select_dialog_multichoice:
                return named(new CheckedTextView(mContext), android.R.id.text1);
            case android.R.layout.simple_list_item_2:
            case android.R.layout.simple_list_item_activated_2:
                TwoLineListItem row = new TwoLineListItem(mContext);
                row.addView(named(new TextView(mContext), android.R.id.text1));
                row.addView(named(new TextView(mContext), android.R.id.text2));
                return row;
            default:
                return null;
        }
    }

    private static View named(View view, int id) {
        view.setId(id);
        return view;
    }
}
