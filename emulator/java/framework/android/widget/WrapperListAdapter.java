package android.widget;

public interface WrapperListAdapter extends ListAdapter {
    ListAdapter getWrappedAdapter();
}
