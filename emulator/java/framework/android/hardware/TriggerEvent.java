package android.hardware;

public final class TriggerEvent {
    public float[] values;
    public Sensor sensor;
    public long timestamp;
}
