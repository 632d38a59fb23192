package android.hardware;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import android.os.SystemClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import standin.Listeners;
import standin.Device;
import standin.Read;

/** What every app's SensorManager really is. */
public class SystemSensorManager extends SensorManager {
    private static final String CLS = "android.hardware.SystemSensorManager";
    private final List<SensorEventQueue> queues = new ArrayList<>();

    public SystemSensorManager(Context context) {}

    /** Hidden constructor of the framework. */
    public SystemSensorManager(Context context, Looper mainLooper) {}

    @Override
    public List<Sensor> getSensorList(int type) {
        List<Sensor> found = new ArrayList<>();
        for (Object row : Device.getList("sensors")) {
            Sensor one = new Sensor((Map<?, ?>) row);
            if (type == Sensor.TYPE_ALL || one.getType() == type) found.add(one);
        }
        return found;
    }

    private static String permission(int type) {
        if (type == Sensor.TYPE_HEART_RATE) return "android.permission.BODY_SENSORS";
        boolean steps = type == Sensor.TYPE_STEP_COUNTER || type == Sensor.TYPE_STEP_DETECTOR;
        return steps && Device.targetSdk() >= 29 ? "android.permission.ACTIVITY_RECOGNITION" : null;
    }

    @Override
    protected boolean registerListenerImpl(
            SensorEventListener listener, Sensor sensor, int delayUs, Handler handler, int maxReportLatencyUs, int reservedFlags) {
        if (listener == null || sensor == null) return false;
        if (delayUs < 5000 && Device.targetSdk() >= 31 && !Device.hasPermission("android.permission.HIGH_SAMPLING_RATE_SENSORS")) {
            throw Read.refuse("sensors", CLS, "registerListenerImpl",
                    "To use the sampling rate of " + delayUs + " microseconds, app needs to declare the normal permission HIGH_SAMPLING_RATE_SENSORS.");
        }
        String permission = permission(sensor.getType());
        if (permission != null && !Device.hasPermission(permission)) {
            Device.truth("sensors", CLS, "registerListenerImpl", "denied");
            return false;
        }
        Device.truth("sensors", CLS, "registerListenerImpl", "value");
        SensorEventQueue queue = new SensorEventQueue(listener, sensor, handler);
        synchronized (queues) {
            queues.add(queue);
        }
        queue.begin(delayUs);
        return true;
    }

    @Override
    protected void unregisterListenerImpl(SensorEventListener listener, Sensor sensor) {
        synchronized (queues) {
            for (Iterator<SensorEventQueue> all = queues.iterator(); all.hasNext();) {
                SensorEventQueue one = all.next();
                if (one.listener == listener && (sensor == null || one.sensor.getType() == sensor.getType())) {
                    all.remove();
                    one.end();
                }
            }
        }
    }

    @Override
    protected boolean requestTriggerSensorImpl(TriggerEventListener listener, Sensor sensor) {
        Device.truth("sensors", CLS, "requestTriggerSensorImpl", "value");
        return true;
    }

    /** Hidden: delivers the readings of one registration. */
    static final class SensorEventQueue {
        private final SensorEventListener listener;
        private final Sensor sensor;
        private final Handler handler;
        private int number;
        private volatile boolean ended;
        /** The one event of this registration: an app that keeps it sees later readings in it. */
        private SensorEvent reused;

        SensorEventQueue(SensorEventListener listener, Sensor sensor, Handler handler) {
            this.listener = listener;
            this.sensor = sensor;
            this.handler = handler != null ? handler : new Handler(Looper.getMainLooper());
        }

        void begin(int delayUs) {
            number = Listeners.add(this::arrived);
            Map<String, Object> a = new HashMap<>();
            a.put("listener", number);
            a.put("type", sensor.getType());
            a.put("delay_us", delayUs);
            Device.call("sensor.register", a);
        }

        void end() {
            ended = true;
            Listeners.remove(number);
            Device.call("sensor.unregister", Map.of("listener", number));
        }

        private void arrived(Map<String, Object> event) {
            List<?> given = event.get("values") instanceof List ? (List<?>) event.get("values") : List.of();
            float[] values = new float[given.size()];
            for (int i = 0; i < values.length; i++) values[i] = (float) Read.real(given.get(i), 0);
            handler.post(() -> dispatchSensorEvent(number, values, 3, SystemClock.elapsedRealtimeNanos()));
        }

        protected void dispatchSensorEvent(int handle, float[] values, int accuracy, long timestamp) {
            if (ended) return;
            if (reused == null || reused.values.length != values.length) reused = new SensorEvent(values.length);
            SensorEvent event = reused;
            System.arraycopy(values, 0, event.values, 0, values.length);
            event.sensor = sensor;
            event.accuracy = accuracy;
            event.timestamp = timestamp;
            listener.onSensorChanged(event);
        }
    }
}
