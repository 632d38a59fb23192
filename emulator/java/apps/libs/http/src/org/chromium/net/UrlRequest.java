package org.chromium.net;

public abstract class UrlRequest {
    public abstract void start();

    /** Told on the executor's thread when it is over; in the library there is more. */
    public abstract static class Callback {
        public abstract void onSucceeded(UrlRequest request, int status);

        public abstract void onFailed(UrlRequest request, Exception error);
    }
}
