package android.widget;

import android.content.Context;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import java.util.List;
import java.util.Map;

public class SimpleAdapter extends BaseAdapter {
    private final Context mContext;
    private final List<? extends Map<String, ?>> mData;
    private final int mResource;
    private final String[] mFrom;
    private final int[] mTo;
    private ViewBinder mViewBinder;

    public interface ViewBinder { boolean setViewValue(View view, Object data, String textRepresentation); }

    public SimpleAdapter(Context context, List<? extends Map<String, ?>> data, int resource, String[] from, int[] to) {
        mContext = context;
        mData = data;
        mResource = resource;
        mFrom = from;
        mTo = to;
    }

    public void setViewBinder(ViewBinder binder) { mViewBinder = binder; }
    public ViewBinder getViewBinder() { return mViewBinder; }
    @Override public int getCount() { return mData.size(); }
    @Override public Object getItem(int position) { return mData.get(position); }
    @Override public long getItemId(int position) { return position; }
    @Override public View getView(int position, View convertView, ViewGroup parent) {
        View view = convertView == null ? LayoutInflater.from(mContext).inflate(mResource, parent, false) : convertView;
        for (int i = 0; i < mTo.length; i++) {
            View at = view.findViewById(mTo[i]);
            Object value = mData.get(position).get(mFrom[i]);
            String text = value == null ? "" : value.toString();
            if (at == null || mViewBinder != null && mViewBinder.setViewValue(at, value, text)) continue;
            if (at instanceof Checkable && value instanceof Boolean) ((Checkable) at).setChecked((Boolean) value);
            else if (at instanceof TextView) ((TextView) at).setText(text);
            else if (!(at instanceof ImageView)) throw new IllegalStateException(at.getClass().getName() + " is not a view that can be bounds by this SimpleAdapter");
        }
        return view;
    }
}
