package android.widget;

import android.os.Handler;
import android.os.HandlerThread;
import android.os.Looper;

/** Filters on a thread of its own and publishes on the main one; a later request drops those that still wait. */
public abstract class Filter {
    private static Handler worker;
    private final Handler mResults = new Handler(Looper.getMainLooper());

    public interface FilterListener { void onFilterComplete(int count); }

    protected static class FilterResults {
        public Object values;
        public int count;
    }

    private static synchronized Handler worker() {
        if (worker == null) {
            HandlerThread thread = new HandlerThread("Filter");
            thread.setDaemon(true);
            thread.start();
            worker = new Handler(thread.getLooper());
        }
        return worker;
    }

    protected abstract FilterResults performFiltering(CharSequence constraint);

    protected abstract void publishResults(CharSequence constraint, FilterResults results);

    public CharSequence convertResultToString(Object resultValue) { return resultValue == null ? "" : resultValue.toString(); }
    public final void filter(CharSequence constraint) { filter(constraint, null); }
    public final void filter(CharSequence constraint, FilterListener listener) {
        String text = constraint == null ? null : constraint.toString();
        worker().removeCallbacksAndMessages(this);
        worker().postDelayed(() -> {
            FilterResults results = performFiltering(text);
            mResults.post(() -> {
                publishResults(text, results);
                if (listener != null) listener.onFilterComplete(results == null ? -1 : results.count);
            });
        }, this, 0);
    }
}
