package aosp;

import android.hardware.Sensor;
import android.os.Handler;
import android.os.Looper;
import android.os.Message;
import android.os.MessageQueue;
import android.os.SystemClock;
import android.util.Log;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;

/** The sensor service, called by natives: the state's sensors; a queue is told their values at once, on its own thread. */
final class Sensors {
    private static final Map<Long, Object[]> QUEUES = new HashMap<>();

    private Sensors() {}

    /** Whether there is a sensor of that place; its fields are filled. */
    static boolean fill(Sensor sensor, int index) throws ReflectiveOperationException {
        JSONArray all = State.array("sensors");
        if (index >= all.length()) return false;
        JSONObject one = all.optJSONObject(index);
        set(sensor, "mName", one.optString("name"));
        set(sensor, "mVendor", one.optString("vendor", "standin"));
        set(sensor, "mHandle", index + 1);
        set(sensor, "mVersion", 1);
        set(sensor, "mMaxDelay", 0);
        Method type = Sensor.class.getDeclaredMethod("setType", int.class);
        type.setAccessible(true);
        if (!(Boolean) type.invoke(sensor, one.optInt("type"))) set(sensor, "mType", one.optInt("type"));
        return true;
    }

    static synchronized long open(WeakReference<?> queue, MessageQueue thread) {
        long id = QUEUES.size() + 1;
        QUEUES.put(id, new Object[] {queue, thread});
        return id;
    }

    static int enable(long id, int handle) throws ReflectiveOperationException {
        Object[] queue;
        synchronized (Sensors.class) {
            queue = QUEUES.get(id);
        }
        JSONArray given = State.array("sensors").optJSONObject(handle - 1).optJSONArray("values");
        float[] values = new float[16];
        for (int at = 0; given != null && at < given.length() && at < values.length; at++) values[at] = (float) given.optDouble(at);
        Message message = Message.obtain(new Handler(Looper.getMainLooper()), () -> tell(((WeakReference<?>) queue[0]).get(), handle, values));
        Method post = MessageQueue.class.getDeclaredMethod("enqueueMessage", Message.class, long.class);
        post.setAccessible(true);
        post.invoke(queue[1], message, SystemClock.uptimeMillis());
        return 0;
    }

    private static void tell(Object queue, int handle, float[] values) {
        if (queue == null) return;
        try {
            Method dispatch = queue.getClass().getDeclaredMethod("dispatchSensorEvent", int.class, float[].class, int.class, long.class);
            dispatch.setAccessible(true);
            dispatch.invoke(queue, handle, values, 3, SystemClock.elapsedRealtimeNanos());
        } catch (ReflectiveOperationException bad) {
            Log.w(Answers.TAG, "no event: " + bad);
        }
    }

    private static void set(Sensor sensor, String name, Object value) throws ReflectiveOperationException {
        Field field = Sensor.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(sensor, value);
    }
}
