package android.app;

import android.content.Loader;
import android.os.Bundle;
import java.util.LinkedHashMap;
import java.util.Map;

/** Of one activity or fragment; its loaders start at once. */
public class LoaderManager {
    private final Map<Integer, Loader<?>> loaders = new LinkedHashMap<>();

    public interface LoaderCallbacks<D> {
        Loader<D> onCreateLoader(int id, Bundle args);

        void onLoadFinished(Loader<D> loader, D data);

        void onLoaderReset(Loader<D> loader);
    }

    LoaderManager() {}

    public <D> Loader<D> initLoader(int id, Bundle args, LoaderCallbacks<D> callback) {
        return getLoader(id) == null ? restartLoader(id, args, callback) : getLoader(id);
    }

    public <D> Loader<D> restartLoader(int id, Bundle args, LoaderCallbacks<D> callback) {
        destroyLoader(id);
        Loader<D> made = callback.onCreateLoader(id, args);
        loaders.put(id, made);
        made.registerListener(id, callback::onLoadFinished);
        made.startLoading();
        return made;
    }

    public void destroyLoader(int id) {
        Loader<?> old = loaders.remove(id);
        if (old == null) return;
        old.unregisterListener(null);
        old.reset();
    }

    @SuppressWarnings("unchecked")
    public <D> Loader<D> getLoader(int id) { return (Loader<D>) loaders.get(id); }
}
