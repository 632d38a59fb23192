package org.chromium.net.impl;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.net.ssl.HttpsURLConnection;
import okio.Wire;
import org.chromium.net.CronetEngine;
import org.chromium.net.UrlRequest;

public final class CronetUrlRequest extends UrlRequest {
    private final CronetEngine mEngine;
    private final String mInitialUrl;
    private final byte[] mBody;
    private final Callback mCallback;
    private final Executor mExecutor;

    public CronetUrlRequest(CronetEngine engine, String url, byte[] body, Callback callback, Executor executor) {
        mEngine = engine;
        mInitialUrl = url;
        mBody = body;
        mCallback = callback;
        mExecutor = executor;
    }

    @Override
    public void start() {
        mEngine.network.execute(this::send);
    }

    private void send() {
        try {
            URI to = URI.create(mInitialUrl);
            Wire wire = mEngine.pool.take(to);
            if (wire == null) wire = Wire.open(to, HttpsURLConnection.getDefaultSSLSocketFactory());
            int code = wire.send("POST", to, Map.of("Content-Type", "text/plain"), mBody);
            mEngine.pool.give(to, wire);
            mExecutor.execute(() -> mCallback.onSucceeded(this, code));
        } catch (IOException failed) {
            mExecutor.execute(() -> mCallback.onFailed(this, failed));
        }
    }
}
