package android.hardware.camera2;

import android.graphics.Rect;
import android.view.Surface;

public final class CaptureRequest extends CameraMetadata<CaptureRequest.Key<?>> {
    public static final Key<Integer> CONTROL_MODE = new Key<>("android.control.mode");
    public static final Key<Integer> CONTROL_AF_MODE = new Key<>("android.control.afMode");
    public static final Key<Integer> CONTROL_AF_TRIGGER = new Key<>("android.control.afTrigger");
    public static final Key<Integer> CONTROL_AE_MODE = new Key<>("android.control.aeMode");
    public static final Key<Boolean> CONTROL_AE_LOCK = new Key<>("android.control.aeLock");
    public static final Key<Integer> CONTROL_AE_PRECAPTURE_TRIGGER = new Key<>("android.control.aePrecaptureTrigger");
    public static final Key<Integer> CONTROL_AE_EXPOSURE_COMPENSATION = new Key<>("android.control.aeExposureCompensation");
    public static final Key<Integer> CONTROL_AWB_MODE = new Key<>("android.control.awbMode");
    public static final Key<Integer> FLASH_MODE = new Key<>("android.flash.mode");
    public static final Key<Integer> JPEG_ORIENTATION = new Key<>("android.jpeg.orientation");
    public static final Key<Byte> JPEG_QUALITY = new Key<>("android.jpeg.quality");
    public static final Key<Rect> SCALER_CROP_REGION = new Key<>("android.scaler.cropRegion");
    private final java.util.List<Surface> targets = new java.util.ArrayList<>();
    private Object tag;

    private CaptureRequest() {}

    public static final class Key<T> {
        private final String name;

        public Key(String name) { this.name = name; }

        public String getName() { return name; }
    }

    @SuppressWarnings("unchecked")
    public <T> T get(Key<T> key) { return (T) values.get(key); }
    public Object getTag() { return tag; }
    /** Of the stand-in: where its pictures go. */
    java.util.List<Surface> standinTargets() { return targets; }

    public static final class Builder {
        private final CaptureRequest made = new CaptureRequest();

        /** Of the stand-in: {@link CameraDevice#createCaptureRequest} makes it. */
        public Builder() {}

        public void addTarget(Surface surface) { made.targets.add(surface); }
        public void removeTarget(Surface surface) { made.targets.remove(surface); }
        public <T> void set(Key<T> key, T value) { made.values.put(key, value); }
        @SuppressWarnings("unchecked")
        public <T> T get(Key<T> key) { return (T) made.values.get(key); }
        public void setTag(Object tag) { made.tag = tag; }
        public CaptureRequest build() {
            CaptureRequest copy = new CaptureRequest();
            copy.values.putAll(made.values);
            copy.targets.addAll(made.targets);
            copy.tag = made.tag;
            return copy;
        }
    }
}
