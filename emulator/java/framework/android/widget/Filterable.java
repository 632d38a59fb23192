package android.widget;

public interface Filterable {
    Filter getFilter();
}
