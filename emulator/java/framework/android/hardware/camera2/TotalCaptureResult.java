package android.hardware.camera2;

public final class TotalCaptureResult extends CaptureResult {
    TotalCaptureResult(CaptureRequest request) { super(request); }
}
