package android.os;

public class VibrationEffect implements Parcelable {
    public static final int DEFAULT_AMPLITUDE = -1;
    public static final int EFFECT_CLICK = 0;
    public static final int EFFECT_DOUBLE_CLICK = 1;
    public static final int EFFECT_TICK = 2;
    public static final int EFFECT_HEAVY_CLICK = 5;

    private VibrationEffect() {}

    public static VibrationEffect createOneShot(long milliseconds, int amplitude) {
        if (milliseconds <= 0) throw new IllegalArgumentException("duration must be greater than zero");
        return new VibrationEffect();
    }
    public static VibrationEffect createWaveform(long[] timings, int repeat) { return new VibrationEffect(); }
    public static VibrationEffect createWaveform(long[] timings, int[] amplitudes, int repeat) { return new VibrationEffect(); }
    public static VibrationEffect createPredefined(int effectId) { return new VibrationEffect(); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { throw new UnsupportedOperationException("VibrationEffect.writeToParcel"); }
}
