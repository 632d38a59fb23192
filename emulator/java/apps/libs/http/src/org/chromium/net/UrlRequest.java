package org.chromium.net;

public abstract class UrlRequest {
    public abstract void start();

    /** Called on the executor's thread at the end; the library has more callbacks. */
    public abstract static class Callback {
        public abstract void onSucceeded(UrlRequest request, int status);

        public abstract void onFailed(UrlRequest request, Exception error);
    }
}
