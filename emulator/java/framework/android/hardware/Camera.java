package android.hardware;

import android.graphics.Rect;
import android.graphics.SurfaceTexture;
import android.os.Handler;
import android.view.SurfaceHolder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import standin.Device;
import standin.Later;
import standin.Read;

/** What the camera tells, it tells by messages to the thread that opened it. */
@Deprecated
public class Camera {
    public static final String ACTION_NEW_PICTURE = "android.hardware.action.NEW_PICTURE";
    public static final int CAMERA_ERROR_UNKNOWN = 1;
    public static final int CAMERA_ERROR_EVICTED = 2;
    public static final int CAMERA_ERROR_SERVER_DIED = 100;
    private static final String CLS = "android.hardware.Camera";
    private static final int FRAME_MS = 100;
    /** The head of a photo of 640 times 480, without its pixels. */
    private static final int[] PHOTO = {0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 480 >> 8, 480 & 255, 640 >> 8, 640 & 255, 1, 1, 0x11, 0, 0xff, 0xd9};

    private final Handler events = Later.on(null);
    private Parameters parameters = new Parameters();
    private PreviewCallback frames;
    private boolean oneFrame;
    private boolean previewing;
    private boolean released;
    private final Runnable next = this::frame;

    private Camera() {}

    public static class CameraInfo {
        public static final int CAMERA_FACING_BACK = 0;
        public static final int CAMERA_FACING_FRONT = 1;
        public int facing;
        public int orientation;
        public boolean canDisableShutterSound = true;
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

    public interface AutoFocusCallback {
        void onAutoFocus(boolean success, Camera camera);
    }

    public interface AutoFocusMoveCallback {
        void onAutoFocusMoving(boolean start, Camera camera);
    }

    public interface ErrorCallback {
        void onError(int error, Camera camera);
    }

    public interface OnZoomChangeListener {
        void onZoomChange(int zoomValue, boolean stopped, Camera camera);
    }

    public interface FaceDetectionListener {
        void onFaceDetection(Face[] faces, Camera camera);
    }

    public static class Face {
        public Rect rect;
        public int score;
        public int id = -1;
    }

    public static class Area {
        public Rect rect;
        public int weight;

        public Area(Rect rect, int weight) {
            this.rect = rect;
            this.weight = weight;
        }
    }

    public class Size {
        public int width;
        public int height;

        public Size(int w, int h) {
            width = w;
            height = h;
        }
    }

    /** Keeps what is set; what is not in the lists is refused by {@link #setParameters} on a phone. */
    public class Parameters {
        public static final String FLASH_MODE_OFF = "off";
        public static final String FLASH_MODE_AUTO = "auto";
        public static final String FLASH_MODE_ON = "on";
        public static final String FLASH_MODE_TORCH = "torch";
        public static final String FOCUS_MODE_AUTO = "auto";
        public static final String FOCUS_MODE_FIXED = "fixed";
        public static final String FOCUS_MODE_INFINITY = "infinity";
        public static final String FOCUS_MODE_MACRO = "macro";
        public static final String FOCUS_MODE_CONTINUOUS_PICTURE = "continuous-picture";
        public static final String FOCUS_MODE_CONTINUOUS_VIDEO = "continuous-video";
        public static final String SCENE_MODE_AUTO = "auto";
        public static final String WHITE_BALANCE_AUTO = "auto";
        public static final int PREVIEW_FPS_MIN_INDEX = 0;
        public static final int PREVIEW_FPS_MAX_INDEX = 1;
        private final Map<String, String> map = new LinkedHashMap<>(Map.of("flash-mode", FLASH_MODE_OFF, "focus-mode", FOCUS_MODE_AUTO,
                "preview-format", "17", "picture-format", "256", "jpeg-quality", "90", "zoom", "0"));
        private Size preview = new Size(640, 480);
        private Size picture = new Size(640, 480);

        private Parameters() {}

        public String get(String key) { return map.get(key); }
        public int getInt(String key) { return Integer.parseInt(map.get(key)); }
        public void set(String key, String value) { map.put(key, value); }
        public void set(String key, int value) { set(key, String.valueOf(value)); }
        public void remove(String key) { map.remove(key); }
        public String flatten() {
            List<String> all = new ArrayList<>();
            map.forEach((key, value) -> all.add(key + "=" + value));
            return String.join(";", all);
        }
        public void unflatten(String flattened) { for (String one : flattened.split(";")) if (one.contains("=")) set(one.split("=", 2)[0], one.split("=", 2)[1]); }
        private List<Size> sizes() { return new ArrayList<>(List.of(new Size(1280, 720), new Size(640, 480))); }
        public List<Size> getSupportedPreviewSizes() { return sizes(); }
        public List<Size> getSupportedPictureSizes() { return sizes(); }
        public List<Size> getSupportedVideoSizes() { return sizes(); }
        public Size getPreferredPreviewSizeForVideo() { return new Size(1280, 720); }
        public void setPreviewSize(int width, int height) { preview = new Size(width, height); }
        public Size getPreviewSize() { return preview; }
        public void setPictureSize(int width, int height) { picture = new Size(width, height); }
        public Size getPictureSize() { return picture; }
        public List<Integer> getSupportedPreviewFormats() { return new ArrayList<>(List.of(17)); }
        public List<Integer> getSupportedPictureFormats() { return new ArrayList<>(List.of(256)); }
        public void setPreviewFormat(int format) { set("preview-format", format); }
        public int getPreviewFormat() { return getInt("preview-format"); }
        public void setPictureFormat(int format) { set("picture-format", format); }
        public int getPictureFormat() { return getInt("picture-format"); }
        public List<int[]> getSupportedPreviewFpsRange() { return new ArrayList<>(List.of(new int[] {15000, 30000})); }
        public void getPreviewFpsRange(int[] range) { System.arraycopy(new int[] {15000, 30000}, 0, range, 0, 2); }
        public void setPreviewFpsRange(int min, int max) {}
        public List<Integer> getSupportedPreviewFrameRates() { return new ArrayList<>(List.of(15, 30)); }
        public void setPreviewFrameRate(int fps) {}
        public List<String> getSupportedFlashModes() { return new ArrayList<>(List.of(FLASH_MODE_OFF, FLASH_MODE_AUTO, FLASH_MODE_ON, FLASH_MODE_TORCH)); }
        public void setFlashMode(String value) { set("flash-mode", value); }
        public String getFlashMode() { return get("flash-mode"); }
        public List<String> getSupportedFocusModes() { return new ArrayList<>(List.of(FOCUS_MODE_AUTO, FOCUS_MODE_CONTINUOUS_PICTURE, FOCUS_MODE_CONTINUOUS_VIDEO)); }
        public void setFocusMode(String value) { set("focus-mode", value); }
        public String getFocusMode() { return get("focus-mode"); }
        public List<String> getSupportedSceneModes() { return new ArrayList<>(List.of(SCENE_MODE_AUTO)); }
        public void setSceneMode(String value) { set("scene-mode", value); }
        public List<String> getSupportedWhiteBalance() { return new ArrayList<>(List.of(WHITE_BALANCE_AUTO)); }
        public void setWhiteBalance(String value) { set("whitebalance", value); }
        public void setJpegQuality(int quality) { set("jpeg-quality", quality); }
        public int getJpegQuality() { return getInt("jpeg-quality"); }
        public void setRotation(int rotation) { set("rotation", rotation); }
        public void setRecordingHint(boolean hint) {}
        public boolean isZoomSupported() { return true; }
        public boolean isSmoothZoomSupported() { return false; }
        public int getMaxZoom() { return 10; }
        public int getZoom() { return getInt("zoom"); }
        public void setZoom(int value) { set("zoom", value); }
        public List<Integer> getZoomRatios() { return new ArrayList<>(List.of(100, 120, 140, 160, 180, 200, 220, 240, 260, 280, 300)); }
        public int getMaxNumFocusAreas() { return 1; }
        public int getMaxNumMeteringAreas() { return 1; }
        public int getMaxNumDetectedFaces() { return 0; }
        public void setFocusAreas(List<Area> areas) {}
        public void setMeteringAreas(List<Area> areas) {}
        public int getMinExposureCompensation() { return -6; }
        public int getMaxExposureCompensation() { return 6; }
        public void setExposureCompensation(int value) {}
        public boolean isAutoExposureLockSupported() { return false; }
        public boolean isVideoStabilizationSupported() { return false; }
        public float getHorizontalViewAngle() { return 60f; }
        public float getVerticalViewAngle() { return 45f; }
        public float getFocalLength() { return 4f; }
        public void setGpsLatitude(double latitude) { set("gps-latitude", String.valueOf(latitude)); }
        public void setGpsLongitude(double longitude) { set("gps-longitude", String.valueOf(longitude)); }
        public void removeGpsData() { map.keySet().removeIf(key -> key.startsWith("gps-")); }
    }

    public static int getNumberOfCameras() {
        return 2;
    }

    public static void getCameraInfo(int cameraId, CameraInfo info) {
        info.facing = cameraId;
        info.orientation = cameraId == 0 ? 90 : 270;
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

    public Parameters getParameters() {
        return parameters;
    }

    public void setParameters(Parameters params) {
        parameters = params;
    }

    public final void setPreviewDisplay(SurfaceHolder holder) throws java.io.IOException {}
    public final void setPreviewTexture(SurfaceTexture texture) throws java.io.IOException {}
    public final void setDisplayOrientation(int degrees) {}
    public final boolean enableShutterSound(boolean enabled) { return true; }
    public final void setErrorCallback(ErrorCallback callback) {}
    public final void setZoomChangeListener(OnZoomChangeListener listener) {}
    public final void setFaceDetectionListener(FaceDetectionListener listener) {}
    public void setAutoFocusMoveCallback(AutoFocusMoveCallback callback) {}
    public final void lock() {}
    public final void unlock() {}
    public final void reconnect() throws java.io.IOException {}
    public final void cancelAutoFocus() {}
    public final void addCallbackBuffer(byte[] buffer) {}

    public final void autoFocus(AutoFocusCallback callback) {
        if (callback != null) events.post(() -> callback.onAutoFocus(true, this));
    }

    public void startPreview() {
        if (released) throw new RuntimeException("Camera is being used after Camera.release() was called");
        Device.truth("camera", CLS, "startPreview", "value");
        previewing = true;
        events.removeCallbacks(next);
        events.postDelayed(next, FRAME_MS);
    }

    public void stopPreview() {
        previewing = false;
    }

    public void setPreviewCallback(PreviewCallback callback) {
        want(callback, false);
    }

    public final void setOneShotPreviewCallback(PreviewCallback callback) {
        want(callback, true);
    }

    public final void setPreviewCallbackWithBuffer(PreviewCallback callback) {
        want(callback, false);
    }

    private synchronized void want(PreviewCallback callback, boolean once) {
        frames = callback;
        oneFrame = once;
    }

    /** A frame for whoever wants it, and the next one. */
    private void frame() {
        if (!previewing || released) return;
        PreviewCallback to;
        synchronized (this) {
            to = frames;
            if (oneFrame) frames = null;
        }
        events.postDelayed(next, FRAME_MS);
        if (to != null) to.onPreviewFrame(new byte[parameters.preview.width * parameters.preview.height * 3 / 2], this);
    }

    public void takePicture(ShutterCallback shutter, PictureCallback raw, PictureCallback jpeg) {
        Device.truth("camera", CLS, "takePicture", "value");
        previewing = false;
        byte[] photo = new byte[PHOTO.length];
        for (int i = 0; i < photo.length; i++) photo[i] = (byte) PHOTO[i];
        if (shutter != null) events.post(shutter::onShutter);
        if (raw != null) events.post(() -> raw.onPictureTaken(null, this));
        if (jpeg != null) events.post(() -> jpeg.onPictureTaken(photo, this));
    }

    public void release() {
        released = true;
        previewing = false;
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
