package android.os;

public final class SystemClock {
    private SystemClock() {}

    public static long uptimeMillis() { return System.nanoTime() / 1_000_000; }
    public static long elapsedRealtime() { return System.nanoTime() / 1_000_000; }
    public static long elapsedRealtimeNanos() { return System.nanoTime(); }
    public static long currentThreadTimeMillis() { return uptimeMillis(); }

    public static void sleep(long ms) {
        long end = uptimeMillis() + ms;
        boolean interrupted = false;
        for (long left = ms; left > 0; left = end - uptimeMillis()) {
            try {
                Thread.sleep(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
