package android.os;

public class VibratorManager {
    private final android.content.Context context;

    public VibratorManager(android.content.Context context) { this.context = context; }

    public int[] getVibratorIds() { return new int[] {0}; }
    public Vibrator getVibrator(int id) { return getDefaultVibrator(); }
    public Vibrator getDefaultVibrator() { return new Vibrator(context); }
    public void cancel() {}
}
