package android.os;

public class Vibrator {
    public Vibrator(android.content.Context context) {}

    public boolean hasVibrator() { return true; }
    public boolean hasAmplitudeControl() { return false; }
    public void vibrate(long milliseconds) {}
    public void vibrate(long[] pattern, int repeat) {}
    public void vibrate(VibrationEffect effect) {}
    public void cancel() {}
    @Deprecated
    public void vibrate(long milliseconds, android.media.AudioAttributes attributes) {}
    @Deprecated
    public void vibrate(long[] pattern, int repeat, android.media.AudioAttributes attributes) {}
    @Deprecated
    public void vibrate(VibrationEffect effect, android.media.AudioAttributes attributes) {}
    public int getId() { return 0; }
    public int[] areEffectsSupported(int... effects) { return new int[effects.length]; }
    public int areAllEffectsSupported(int... effects) { return 0; }
    public boolean[] arePrimitivesSupported(int... primitives) { return new boolean[primitives.length]; }
    public boolean areAllPrimitivesSupported(int... primitives) { return false; }
}
