package standin;

import android.content.ComponentName;
import android.content.Intent;
import android.content.ServiceConnection;
import android.os.BinderProxy;
import android.os.Handler;
import android.os.Looper;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/** Binding to a service: of this process, or one of the system whose answers the device knows. */
public final class Binding {
    private Binding() {}

    @SuppressWarnings("unchecked")
    public static boolean bind(Intent service, ServiceConnection conn, BiConsumer<String, Intent> local, Executor executor) {
        Object answer = Device.call("service.bind", Intents.write(service));
        if (!(answer instanceof Map)) {
            Device.note("bind", "action", service.getAction(), "component", String.valueOf(service.getComponent()),
                    "outcome", "absent", "caller", Device.caller());
            return false;
        }
        Map<String, Object> far = (Map<String, Object>) answer;
        ComponentName name = ComponentName.unflattenFromString(String.valueOf(far.get("component")));
        if (Boolean.TRUE.equals(far.get("local"))) {
            local.accept(name.getClassName(), service);
            return true;
        }
        Map<String, Object> answers = far.get("answers") instanceof Map ? (Map<String, Object>) far.get("answers") : Map.of();
        String kind = String.valueOf(far.getOrDefault("data_type", "oaid"));
        BinderProxy proxy = new BinderProxy(String.valueOf(far.get("descriptor")), (code, data, reply) -> {
            Object value = answers.get(String.valueOf(code));
            Device.truth(kind, "android.os.BinderProxy", "transact", value == null ? "null" : "value");
            if (reply != null) {
                if (value instanceof Boolean) reply.writeInt((Boolean) value ? 1 : 0);
                else if (value instanceof Number) reply.writeInt(((Number) value).intValue());
                else reply.writeString(value == null ? null : value.toString());
            }
            return true;
        });
        Executor where = executor != null ? executor : new Handler(Looper.getMainLooper())::post;
        where.execute(() -> conn.onServiceConnected(name, proxy));
        return true;
    }
}
