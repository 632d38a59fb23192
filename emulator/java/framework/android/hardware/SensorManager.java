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
    public static float getAltitude(float p0, float p) { return 44330f * (1f - (float) Math.pow(p / p0, 1f / 5.255f)); }
    public static float getInclination(float[] I) { return (float) Math.atan2(I[5], I[4]); }
    public static boolean getRotationMatrix(float[] R, float[] I, float[] gravity, float[] geomagnetic) {
        float ax = gravity[0], ay = gravity[1], az = gravity[2];
        float ex = geomagnetic[0], ey = geomagnetic[1], ez = geomagnetic[2];
        float hx = ey * az - ez * ay, hy = ez * ax - ex * az, hz = ex * ay - ey * ax;
        float h = (float) Math.sqrt(hx * hx + hy * hy + hz * hz);
        float a = (float) Math.sqrt(ax * ax + ay * ay + az * az);
        if (a < 0.98f || h < 0.1f) return false;
        hx /= h;
        hy /= h;
        hz /= h;
        ax /= a;
        ay /= a;
        az /= a;
        float[] m = {hx, hy, hz, ay * hz - az * hy, az * hx - ax * hz, ax * hy - ay * hx, ax, ay, az};
        int wide = R == null ? 0 : R.length == 9 ? 3 : 4;
        for (int i = 0; R != null && i < 9; i++) R[i / 3 * wide + i % 3] = m[i];
        if (wide == 4) R[15] = 1;
        return true;
    }
    public static float[] getOrientation(float[] R, float[] values) {
        int wide = R.length == 9 ? 3 : 4;
        values[0] = (float) Math.atan2(R[1], R[wide + 1]);
        values[1] = (float) Math.asin(-R[2 * wide + 1]);
        values[2] = (float) Math.atan2(-R[2 * wide], R[2 * wide + 2]);
        return values;
    }
    public static boolean remapCoordinateSystem(float[] in, int X, int Y, float[] out) {
        System.arraycopy(in, 0, out, 0, in.length);
        return true;
    }
    public static void getRotationMatrixFromVector(float[] R, float[] v) {
        float w = v.length > 3 ? v[3] : (float) Math.sqrt(Math.max(0, 1 - v[0] * v[0] - v[1] * v[1] - v[2] * v[2]));
        float x = v[0], y = v[1], z = v[2];
        float[] m = {1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w), 2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w),
            2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)};
        int wide = R.length == 9 ? 3 : 4;
        for (int i = 0; i < 9; i++) R[i / 3 * wide + i % 3] = m[i];
        if (wide == 4) R[15] = 1;
    }
    public boolean flush(SensorEventListener listener) { return true; }
    public boolean cancelTriggerSensor(TriggerEventListener listener, Sensor sensor) { return true; }
    public boolean isDynamicSensorDiscoverySupported() { return false; }
}
