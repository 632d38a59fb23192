package android.widget;

import android.content.Context;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

public class ArrayAdapter<T> extends BaseAdapter implements Filterable {
    private final Context mContext;
    private final int mResource;
    private final int mField;
    private int mDropDownResource;
    private List<T> mObjects;
    private List<T> mOriginal;
    private boolean mNotifyOnChange = true;
    private Filter mFilter;

    public ArrayAdapter(Context context, int resource) { this(context, resource, 0, new ArrayList<>()); }
    public ArrayAdapter(Context context, int resource, int textViewResourceId) { this(context, resource, textViewResourceId, new ArrayList<>()); }
    public ArrayAdapter(Context context, int resource, T[] objects) { this(context, resource, 0, Arrays.asList(objects)); }
    public ArrayAdapter(Context context, int resource, int textViewResourceId, T[] objects) { this(context, resource, textViewResourceId, Arrays.asList(objects)); }
    public ArrayAdapter(Context context, int resource, List<T> objects) { this(context, resource, 0, objects); }
    public ArrayAdapter(Context context, int resource, int textViewResourceId, List<T> objects) {
        mContext = context;
        mResource = mDropDownResource = resource;
        mField = textViewResourceId;
        mObjects = objects;
    }

    private List<T> all() { return mOriginal != null ? mOriginal : mObjects; }
    private void changed() { if (mNotifyOnChange) notifyDataSetChanged(); }
    public Context getContext() { return mContext; }
    public void add(T object) { all().add(object); changed(); }
    public void addAll(Collection<? extends T> some) { all().addAll(some); changed(); }
    @SafeVarargs
    public final void addAll(T... items) { Collections.addAll(all(), items); changed(); }
    public void insert(T object, int index) { all().add(index, object); changed(); }
    public void remove(T object) { all().remove(object); changed(); }
    public void clear() { all().clear(); changed(); }
    public void sort(Comparator<? super T> comparator) { all().sort(comparator); changed(); }
    @Override public void notifyDataSetChanged() {
        super.notifyDataSetChanged();
        mNotifyOnChange = true;
    }
    public void setNotifyOnChange(boolean notify) { mNotifyOnChange = notify; }
    @Override public int getCount() { return mObjects.size(); }
    @Override public T getItem(int position) { return mObjects.get(position); }
    public int getPosition(T item) { return mObjects.indexOf(item); }
    @Override public long getItemId(int position) { return position; }
    public void setDropDownViewResource(int resource) { mDropDownResource = resource; }
    @Override public View getView(int position, View convertView, ViewGroup parent) { return view(position, convertView, parent, mResource); }
    @Override public View getDropDownView(int position, View convertView, ViewGroup parent) { return view(position, convertView, parent, mDropDownResource); }

    private View view(int position, View convertView, ViewGroup parent, int resource) {
        View view = convertView == null ? LayoutInflater.from(mContext).inflate(resource, parent, false) : convertView;
        View text = mField == 0 ? view : view.findViewById(mField);
        if (!(text instanceof TextView)) throw new IllegalStateException("ArrayAdapter requires the resource ID to be a TextView");
        T item = getItem(position);
        ((TextView) text).setText(item instanceof CharSequence ? (CharSequence) item : String.valueOf(item));
        return view;
    }

    @Override public Filter getFilter() {
        if (mFilter == null) mFilter = new Prefixes();
        return mFilter;
    }

    /** Items of which a word begins with what was typed. */
    private final class Prefixes extends Filter {
        @Override protected FilterResults performFiltering(CharSequence prefix) {
            if (mOriginal == null) mOriginal = new ArrayList<>(mObjects);
            String wanted = prefix == null ? "" : prefix.toString().toLowerCase(Locale.ROOT);
            List<T> found = new ArrayList<>();
            for (T one : new ArrayList<>(mOriginal)) {
                String text = String.valueOf(one).toLowerCase(Locale.ROOT);
                if (text.startsWith(wanted) || text.contains(" " + wanted)) found.add(one);
            }
            FilterResults results = new FilterResults();
            results.values = found;
            results.count = found.size();
            return results;
        }
        @SuppressWarnings("unchecked")
        @Override protected void publishResults(CharSequence constraint, FilterResults results) {
            mObjects = (List<T>) results.values;
            if (results.count > 0) notifyDataSetChanged();
            else notifyDataSetInvalidated();
        }
    }
}
