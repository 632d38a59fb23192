package android.hardware;

import android.os.Handler;
import java.util.List;

public abstract class SensorManager {
    public static final int SENSOR_DELAY_FASTEST = 0;
    public static final int SENSOR_DELAY_GAME = 1;
    public static final int SENSOR_DELAY_UI = 2;
    public static final int SENSOR_DELAY_NORMAL = 3;
    public static final float GRAVITY_EARTH = 9.80665f;

    public abstract List<Sensor> getSensorList(int type);

    public Sensor getDefaultSensor(int type) {
        List<Sensor> found = getSensorList(type);
        return found.isEmpty() ? null : found.get(0);
    }

    public Sensor getDefaultSensor(int type, boolean wakeUp) {
        return wakeUp ? null : getDefaultSensor(type);
    }

    public List<Sensor> getDynamicSensorList(int type) {
        return List.of();
    }

    @Deprecated
    public int getSensors() {
        return 0;
    }

    public boolean registerListener(SensorEventListener listener, Sensor sensor, int samplingPeriodUs) {
        return registerListener(listener, sensor, samplingPeriodUs, null);
    }

    public boolean registerListener(SensorEventListener listener, Sensor sensor, int samplingPeriodUs, int maxReportLatencyUs) {
        return registerListenerImpl(listener, sensor, delay(samplingPeriodUs), null, maxReportLatencyUs, 0);
    }

    public boolean registerListener(SensorEventListener listener, Sensor sensor, int samplingPeriodUs, Handler handler) {
        return registerListenerImpl(listener, sensor, delay(samplingPeriodUs), handler, 0, 0);
    }

    public boolean registerListener(
            SensorEventListener listener, Sensor sensor, int samplingPeriodUs, int maxReportLatencyUs, Handler handler) {
        return registerListenerImpl(listener, sensor, delay(samplingPeriodUs), handler, maxReportLatencyUs, 0);
    }

    private static int delay(int rate) {
        switch (rate) {
            case SENSOR_DELAY_FASTEST: return 0;
            case SENSOR_DELAY_GAME: return 20000;
            case SENSOR_DELAY_UI: return 66667;
            case SENSOR_DELAY_NORMAL: return 200000;
            default: return rate;
        }
    }

    public void unregisterListener(SensorEventListener listener) {
        unregisterListenerImpl(listener, null);
    }

    public void unregisterListener(SensorEventListener listener, Sensor sensor) {
        unregisterListenerImpl(listener, sensor);
    }

    public boolean requestTriggerSensor(TriggerEventListener listener, Sensor sensor) {
        return requestTriggerSensorImpl(listener, sensor);
    }

    /** Needs hardware that writes into memory: the stand-in has none, and Android throws too where there is none. */
    public SensorDirectChannel createDirectChannel(android.os.MemoryFile mem) {
        throw new UnsupportedOperationException("not supported by the stand-in");
    }

    public SensorDirectChannel createDirectChannel(HardwareBuffer mem) {
        throw new UnsupportedOperationException("not supported by the stand-in");
    }

    /** Hidden in the public API. */
    protected abstract boolean registerListenerImpl(
            SensorEventListener listener, Sensor sensor, int delayUs, Handler handler, int maxReportLatencyUs, int reservedFlags);

    /** Hidden in the public API. */
    protected abstract void unregisterListenerImpl(SensorEventListener listener, Sensor sensor);

    /** Hidden in the public API. */
    protected abstract boolean requestTriggerSensorImpl(TriggerEventListener listener, Sensor sensor);
}
