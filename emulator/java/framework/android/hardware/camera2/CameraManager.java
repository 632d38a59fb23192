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
}
