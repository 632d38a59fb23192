package android.app;

import android.view.View;
import android.widget.ListAdapter;
import android.widget.ListView;

public class ListActivity extends Activity {
    private ListView mList;

    private ListView list() {
        if (mList == null) {
            View own = findViewById(android.R.id.list);
            if (own == null) {
                own = new ListView(this);
                own.setId(android.R.id.list);
                setContentView(own);
            }
            mList = (ListView) own;
            mList.setOnItemClickListener((parent, v, position, id) -> onListItemClick((ListView) parent, v, position, id));
        }
        return mList;
    }
    protected void onListItemClick(ListView l, View v, int position, long id) {}
    public void setListAdapter(ListAdapter adapter) { list().setAdapter(adapter); }
    public ListAdapter getListAdapter() { return list().getAdapter(); }
    public ListView getListView() { return list(); }
    public void setSelection(int position) { list().setSelection(position); }
    public int getSelectedItemPosition() { return list().getSelectedItemPosition(); }
    public long getSelectedItemId() { return list().getSelectedItemId(); }
}
