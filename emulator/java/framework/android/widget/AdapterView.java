package android.widget;

import android.content.Context;
import android.view.View;

/** A list of views that are clicked by position. */
public abstract class AdapterView<T> extends FrameLayout {
    private OnItemClickListener mOnItemClickListener;

    public interface OnItemClickListener {
        void onItemClick(AdapterView<?> parent, View view, int position, long id);
    }

    public AdapterView(Context context) { super(context); }

    public void setOnItemClickListener(OnItemClickListener listener) { mOnItemClickListener = listener; }
    public final OnItemClickListener getOnItemClickListener() { return mOnItemClickListener; }

    public boolean performItemClick(View view, int position, long id) {
        if (mOnItemClickListener == null) return false;
        mOnItemClickListener.onItemClick(this, view, position, id);
        return true;
    }
}
