package android.view;

import android.content.Context;

public abstract class LayoutInflater {
    private final Context mContext;

    protected LayoutInflater(Context context) {
        mContext = context;
    }

    public static LayoutInflater from(Context context) {
        return (LayoutInflater) context.getSystemService(Context.LAYOUT_INFLATER_SERVICE);
    }

    public Context getContext() { return mContext; }

    /** Layout resources do not exist here: views are made in code. */
    public View inflate(int resource, ViewGroup root) {
        throw new InflateException("This device has no layout resources: build the views in code");
    }

    public View inflate(int resource, ViewGroup root, boolean attachToRoot) {
        return inflate(resource, root);
    }
}
