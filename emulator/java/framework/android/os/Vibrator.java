package android.os;

public class Vibrator {
    public Vibrator(android.content.Context context) {}

    public boolean hasVibrator() { return true; }
    public boolean hasAmplitudeControl() { return false; }
    public void vibrate(long milliseconds) {}
    public void vibrate(long[] pattern, int repeat) {}
    public void vibrate(VibrationEffect effect) {}
    public void cancel() {}
}
