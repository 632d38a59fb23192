package android.hardware;

import java.util.Map;
import standin.Read;

public final class Sensor {
    public static final int TYPE_ALL = -1;
    public static final int TYPE_ACCELEROMETER = 1;
    public static final int TYPE_MAGNETIC_FIELD = 2;
    public static final int TYPE_GYROSCOPE = 4;
    public static final int TYPE_LIGHT = 5;
    public static final int TYPE_PROXIMITY = 8;
    public static final int TYPE_STEP_DETECTOR = 18;
    public static final int TYPE_STEP_COUNTER = 19;
    public static final int TYPE_HEART_RATE = 21;
    private final int type;
    private final String name;
    private final String vendor;

    Sensor(Map<?, ?> row) {
        type = Read.integer(row.get("type"), 0);
        name = Read.text(row.get("name"));
        vendor = Read.text(row.get("vendor"));
    }

    public int getType() {
        return type;
    }

    public String getName() {
        return name;
    }

    public String getVendor() {
        return vendor;
    }

    public int getVersion() {
        return 1;
    }

    public float getMaximumRange() {
        return 100;
    }
    public float getResolution() { return 0.01f; }
    public float getPower() { return 0.2f; }
    public int getMinDelay() { return 5000; }
    public int getMaxDelay() { return 200000; }
    public int getReportingMode() { return 0; }
    public int getFifoMaxEventCount() { return 0; }
    public int getFifoReservedEventCount() { return 0; }
    public int getId() { return 0; }
    public boolean isWakeUpSensor() { return false; }
    public boolean isDynamicSensor() { return false; }
    public boolean isAdditionalInfoSupported() { return false; }
    public String getStringType() { return "android.sensor." + standin.Names.constant(Sensor.class, "TYPE_", getType()).replace("TYPE_", "").toLowerCase(java.util.Locale.ROOT); }
}
