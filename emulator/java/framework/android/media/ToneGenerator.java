package android.media;

public class ToneGenerator {
    public static final int TONE_DTMF_0 = 0;
    public static final int TONE_SUP_DIAL = 16;
    public static final int TONE_PROP_BEEP = 24;
    public static final int TONE_PROP_ACK = 25;
    public static final int TONE_PROP_NACK = 26;
    public static final int TONE_CDMA_ALERT_CALL_GUARD = 93;
    public static final int MAX_VOLUME = 100;
    public static final int MIN_VOLUME = 0;

    public ToneGenerator(int streamType, int volume) {}

    public boolean startTone(int toneType) { return true; }
    public boolean startTone(int toneType, int durationMs) { return true; }
    public void stopTone() {}
    public void release() {}
}
