package android.hardware.camera2.impl;

import android.hardware.camera2.CameraCaptureSession;
import android.hardware.camera2.CameraDevice;
import android.hardware.camera2.CameraSession;
import android.hardware.camera2.CaptureRequest;
import android.hardware.camera2.params.SessionConfiguration;
import android.os.Handler;
import android.os.Looper;
import android.view.Surface;
import java.util.List;
import standin.Device;
import standin.Later;

/** What an opened camera really is. */
public class CameraDeviceImpl extends CameraDevice {
    private final String id;

    public CameraDeviceImpl(String id) {
        this.id = id;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public void createCaptureSession(List<Surface> outputs, CameraCaptureSession.StateCallback callback, Handler handler) {
        Device.truth("camera", "android.hardware.camera2.impl.CameraDeviceImpl", "createCaptureSession", "value");
        Handler on = handler != null ? handler : new Handler(Looper.getMainLooper());
        on.post(() -> callback.onConfigured(new CameraSession(this, callback)));
    }

    @Override
    public CaptureRequest.Builder createCaptureRequest(int templateType) {
        return new CaptureRequest.Builder();
    }

    @Override
    public void createCaptureSession(SessionConfiguration config) {
        Device.truth("camera", "android.hardware.camera2.impl.CameraDeviceImpl", "createCaptureSession", "value");
        Later.binder(() -> config.getExecutor().execute(() -> config.getStateCallback().onConfigured(new CameraSession(this, config.getStateCallback()))));
    }

    @Override
    public void close() {
        Device.note("camera", "action", "close", "camera", id);
    }
}
