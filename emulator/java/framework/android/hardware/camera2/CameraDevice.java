package android.hardware.camera2;

import android.hardware.camera2.params.SessionConfiguration;
import android.os.Handler;
import android.view.Surface;
import java.util.List;

public abstract class CameraDevice implements AutoCloseable {
    public abstract String getId();

    @Override
    public abstract void close();

    @Deprecated
    public abstract void createCaptureSession(List<Surface> outputs, CameraCaptureSession.StateCallback callback, Handler handler)
            throws CameraAccessException;

    public static final int TEMPLATE_PREVIEW = 1;
    public static final int TEMPLATE_STILL_CAPTURE = 2;
    public static final int TEMPLATE_RECORD = 3;
    public static final int TEMPLATE_VIDEO_SNAPSHOT = 4;
    public static final int TEMPLATE_ZERO_SHUTTER_LAG = 5;
    public static final int TEMPLATE_MANUAL = 6;

    public abstract CaptureRequest.Builder createCaptureRequest(int templateType) throws CameraAccessException;

    public void createCaptureSession(SessionConfiguration config) throws CameraAccessException { throw new UnsupportedOperationException(); }

    public abstract static class StateCallback {
        public static final int ERROR_CAMERA_IN_USE = 1;
        public static final int ERROR_MAX_CAMERAS_IN_USE = 2;
        public static final int ERROR_CAMERA_DEVICE = 4;
        public static final int ERROR_CAMERA_SERVICE = 5;
        public static final int ERROR_CAMERA_DISABLED = 3;

        public abstract void onOpened(CameraDevice camera);

        public void onClosed(CameraDevice camera) {}

        public abstract void onDisconnected(CameraDevice camera);

        public abstract void onError(CameraDevice camera, int error);
    }
}
