package android.os;

public final class StrictMode {
    private StrictMode() {}

    public static void setThreadPolicy(ThreadPolicy policy) {}

    public static final class ThreadPolicy {
        public static final ThreadPolicy LAX = new ThreadPolicy();

        public static final class Builder {
            public Builder permitAll() { return this; }
            public ThreadPolicy build() { return LAX; }
        }
    }
}
