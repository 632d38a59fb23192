package android.hardware.camera2;

public abstract class CameraCaptureSession {
    public abstract static class StateCallback {
        public abstract void onConfigured(CameraCaptureSession session);

        public abstract void onConfigureFailed(CameraCaptureSession session);
    }
}
