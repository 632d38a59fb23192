package android.hardware.camera2;

public class CaptureResult extends CameraMetadata<CaptureResult.Key<?>> {
    public static final Key<Integer> CONTROL_AF_STATE = new Key<>("android.control.afState");
    public static final Key<Integer> CONTROL_AE_STATE = new Key<>("android.control.aeState");
    public static final Key<Long> SENSOR_TIMESTAMP = new Key<>("android.sensor.timestamp");
    private final CaptureRequest request;

    CaptureResult(CaptureRequest request) {
        this.request = request;
        values.put(CONTROL_AF_STATE, CONTROL_AF_STATE_FOCUSED_LOCKED);
        values.put(CONTROL_AE_STATE, CONTROL_AE_STATE_CONVERGED);
        values.put(SENSOR_TIMESTAMP, System.nanoTime());
    }

    public static final class Key<T> {
        private final String name;

        public Key(String name) { this.name = name; }

        public String getName() { return name; }
    }

    @SuppressWarnings("unchecked")
    public <T> T get(Key<T> key) { return (T) values.get(key); }
    public CaptureRequest getRequest() { return request; }
    public long getFrameNumber() { return 1; }
}
