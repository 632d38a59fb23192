package android.hardware.camera2;

public class CaptureFailure {
    public static final int REASON_ERROR = 0;
    public static final int REASON_FLUSHED = 1;

    public int getReason() { return REASON_ERROR; }
}
