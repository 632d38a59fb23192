package android.hardware.camera2;

import android.graphics.Rect;
import android.hardware.camera2.params.StreamConfigurationMap;
import android.util.Size;

public final class CameraCharacteristics extends CameraMetadata<CameraCharacteristics.Key<?>> {
    public static final Key<Integer> LENS_FACING = new Key<>("android.lens.facing");
    public static final Key<Integer> SENSOR_ORIENTATION = new Key<>("android.sensor.orientation");
    public static final Key<Rect> SENSOR_INFO_ACTIVE_ARRAY_SIZE = new Key<>("android.sensor.info.activeArraySize");
    public static final Key<Size> SENSOR_INFO_PIXEL_ARRAY_SIZE = new Key<>("android.sensor.info.pixelArraySize");
    public static final Key<Boolean> FLASH_INFO_AVAILABLE = new Key<>("android.flash.info.available");
    public static final Key<Integer> INFO_SUPPORTED_HARDWARE_LEVEL = new Key<>("android.info.supportedHardwareLevel");
    public static final Key<int[]> REQUEST_AVAILABLE_CAPABILITIES = new Key<>("android.request.availableCapabilities");
    public static final Key<int[]> CONTROL_AF_AVAILABLE_MODES = new Key<>("android.control.afAvailableModes");
    public static final Key<int[]> CONTROL_AE_AVAILABLE_MODES = new Key<>("android.control.aeAvailableModes");
    public static final Key<Float> SCALER_AVAILABLE_MAX_DIGITAL_ZOOM = new Key<>("android.scaler.availableMaxDigitalZoom");
    public static final Key<float[]> LENS_INFO_AVAILABLE_FOCAL_LENGTHS = new Key<>("android.lens.info.availableFocalLengths");
    public static final Key<StreamConfigurationMap> SCALER_STREAM_CONFIGURATION_MAP = new Key<>("android.scaler.streamConfigurationMap");

    public static final class Key<T> {
        private final String name;

        public Key(String name) { this.name = name; }

        public String getName() { return name; }
    }

    CameraCharacteristics(String id) {
        boolean back = "0".equals(id);
        values.put(LENS_FACING, back ? LENS_FACING_BACK : LENS_FACING_FRONT);
        values.put(SENSOR_ORIENTATION, back ? 90 : 270);
        values.put(SENSOR_INFO_ACTIVE_ARRAY_SIZE, new Rect(0, 0, 1280, 960));
        values.put(SENSOR_INFO_PIXEL_ARRAY_SIZE, new Size(1280, 960));
        values.put(FLASH_INFO_AVAILABLE, back);
        values.put(INFO_SUPPORTED_HARDWARE_LEVEL, INFO_SUPPORTED_HARDWARE_LEVEL_LIMITED);
        values.put(REQUEST_AVAILABLE_CAPABILITIES, new int[] {0});
        values.put(CONTROL_AF_AVAILABLE_MODES, new int[] {0, CONTROL_AF_MODE_AUTO, CONTROL_AF_MODE_CONTINUOUS_PICTURE});
        values.put(CONTROL_AE_AVAILABLE_MODES, new int[] {CONTROL_AE_MODE_ON});
        values.put(SCALER_AVAILABLE_MAX_DIGITAL_ZOOM, 4f);
        values.put(LENS_INFO_AVAILABLE_FOCAL_LENGTHS, new float[] {4f});
        values.put(SCALER_STREAM_CONFIGURATION_MAP, new StreamConfigurationMap());
    }

    @SuppressWarnings("unchecked")
    public <T> T get(Key<T> key) { return (T) values.get(key); }
}
