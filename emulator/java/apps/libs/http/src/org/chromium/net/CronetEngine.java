package org.chromium.net;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okio.Wire;
import org.chromium.net.impl.CronetUrlRequest;

/** One engine with one network thread that all its requests share. */
public class CronetEngine {
    public final Wire.Pool pool = new Wire.Pool();
    public final ExecutorService network = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "ChromiumNet");
        thread.setDaemon(true);
        return thread;
    });

    /** In the library a builder. */
    public UrlRequest newUrlRequest(String url, byte[] body, UrlRequest.Callback callback, Executor executor) {
        return new CronetUrlRequest(this, url, body, callback, executor);
    }
}
