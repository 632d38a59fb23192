package android.hardware;

import standin.Device;
import standin.Read;

@Deprecated
public class Camera {
    private static final String CLS = "android.hardware.Camera";

    private Camera() {}

    public static class CameraInfo {
        public static final int CAMERA_FACING_BACK = 0;
        public static final int CAMERA_FACING_FRONT = 1;
        public int facing;
        public int orientation;
    }

    public interface PreviewCallback {
        void onPreviewFrame(byte[] data, Camera camera);
    }

    public interface PictureCallback {
        void onPictureTaken(byte[] data, Camera camera);
    }

    public interface ShutterCallback {
        void onShutter();
    }

    public static int getNumberOfCameras() {
        return 2;
    }

    public static void getCameraInfo(int cameraId, CameraInfo info) {
        info.facing = cameraId;
        info.orientation = 90;
    }

    public static Camera open() {
        return open(0);
    }

    public static Camera open(int cameraId) {
        if (!Device.hasPermission("android.permission.CAMERA")) {
            Device.truth("camera", CLS, "open", "denied");
            throw new RuntimeException("Fail to connect to camera service");
        }
        return Read.give("camera", CLS, "open", new Camera());
    }

    public void startPreview() {
        Device.truth("camera", CLS, "startPreview", "value");
    }

    public void stopPreview() {}

    public void setPreviewCallback(PreviewCallback callback) {}

    public void takePicture(ShutterCallback shutter, PictureCallback raw, PictureCallback jpeg) {
        Device.truth("camera", CLS, "takePicture", "value");
        if (shutter != null) shutter.onShutter();
        if (jpeg != null) jpeg.onPictureTaken(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xd9}, this);
    }

    public void release() {
        Device.note("camera", "action", "close");
    }

    public void takePicture(ShutterCallback shutter, PictureCallback raw, PictureCallback postview, PictureCallback jpeg) {
        takePicture(shutter, raw, jpeg);
    }

    /** Hidden in the public API. */
    public static Camera openLegacy(int cameraId, int halVersion) {
        return open(cameraId);
    }
}
