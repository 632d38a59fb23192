package android.os;

public class Vibrator {
    public Vibrator(android.content.Context context) {}

    public boolean hasVibrator() { return true; }
    public void vibrate(long milliseconds) {}
    public void cancel() {}
}
