package android.hardware.camera2;

import android.content.Context;
import android.hardware.camera2.impl.CameraDeviceImpl;
import android.os.Handler;
import android.os.Looper;
import java.util.concurrent.Executor;
import standin.Device;
import standin.Read;

public final class CameraManager {
    private static final String CLS = "android.hardware.camera2.CameraManager";

    public CameraManager(Context context) {}

    public String[] getCameraIdList() throws CameraAccessException {
        return new String[] {"0", "1"};
    }

    public void openCamera(String cameraId, CameraDevice.StateCallback callback, Handler handler) throws CameraAccessException {
        Handler on = handler != null ? handler : new Handler(Looper.getMainLooper());
        open(cameraId, callback, on::post);
    }

    public void openCamera(String cameraId, Executor executor, CameraDevice.StateCallback callback) throws CameraAccessException {
        open(cameraId, callback, executor);
    }

    private static void open(String cameraId, CameraDevice.StateCallback callback, Executor executor) throws CameraAccessException {
        Read.need("camera", CLS, "openCamera", "android.permission.CAMERA");
        Device.truth("camera", CLS, "openCamera", "value");
        executor.execute(() -> callback.onOpened(new CameraDeviceImpl(cameraId)));
    }
    public CameraCharacteristics getCameraCharacteristics(String cameraId) throws CameraAccessException {
        if (!"0".equals(cameraId) && !"1".equals(cameraId)) throw new IllegalArgumentException("Invalid camera Id: " + cameraId);
        return new CameraCharacteristics(cameraId);
    }

    public abstract static class AvailabilityCallback {
        public void onCameraAvailable(String cameraId) {}
        public void onCameraUnavailable(String cameraId) {}
        public void onCameraAccessPrioritiesChanged() {}
    }

    public abstract static class TorchCallback {
        public void onTorchModeUnavailable(String cameraId) {}
        public void onTorchModeChanged(String cameraId, boolean enabled) {}
    }

    public void registerAvailabilityCallback(AvailabilityCallback callback, Handler handler) {
        standin.Later.on(handler).post(() -> {
            callback.onCameraAvailable("0");
            callback.onCameraAvailable("1");
        });
    }

    public void unregisterAvailabilityCallback(AvailabilityCallback callback) {}
    public void registerTorchCallback(TorchCallback callback, Handler handler) { standin.Later.on(handler).post(() -> callback.onTorchModeChanged("0", false)); }
    public void unregisterTorchCallback(TorchCallback callback) {}
    public void setTorchMode(String cameraId, boolean enabled) throws CameraAccessException {}
}
