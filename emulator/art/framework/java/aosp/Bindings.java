package aosp;

import android.app.IServiceConnection;
import android.content.ComponentName;
import android.content.Intent;
import android.os.Binder;
import android.os.IBinder;
import android.os.Parcel;
import android.os.RemoteException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.json.JSONObject;

/** Services that the app is bound to: its own, which the session starts, and those whose answers the device knows. */
public final class Bindings {
    private static final Map<ComponentName, List<IServiceConnection>> BOUND = new HashMap<>();
    private static final Map<ComponentName, IBinder> PUBLISHED = new HashMap<>();
    private static BiConsumer<ComponentName, Intent> session = (name, intent) -> {};

    private Bindings() {}

    /** {@code session} starts a service of this process and asks it for its binder. */
    public static void by(BiConsumer<ComponentName, Intent> session) {
        Bindings.session = session;
    }

    /** Whether there is such a service. */
    static synchronized boolean bind(Intent service, IServiceConnection connection) {
        Object answer = Link.ask("service.bind", Activities.words(service));
        if (!(answer instanceof JSONObject)) return false;
        JSONObject found = (JSONObject) answer;
        ComponentName name = ComponentName.unflattenFromString(found.optString("component"));
        if (!found.optBoolean("local")) {
            tell(connection, name, new Far(found));
        } else {
            BOUND.computeIfAbsent(name, key -> new ArrayList<>()).add(connection);
            if (PUBLISHED.containsKey(name)) tell(connection, name, PUBLISHED.get(name));
            else session.accept(name, service);
        }
        return true;
    }

    static synchronized void unbind(IServiceConnection connection) {
        for (List<IServiceConnection> all : BOUND.values()) all.removeIf(one -> one.asBinder().equals(connection.asBinder()));
    }

    /** The service's answer to onBind. */
    static synchronized void publish(ComponentName name, IBinder binder) {
        PUBLISHED.put(name, binder);
        for (IServiceConnection one : BOUND.getOrDefault(name, new ArrayList<>())) tell(one, name, binder);
    }

    /** The service was destroyed. */
    public static synchronized void gone(ComponentName name) {
        PUBLISHED.remove(name);
        BOUND.remove(name);
    }

    private static void tell(IServiceConnection connection, ComponentName name, IBinder binder) {
        try {
            connection.connected(name, binder, false);
        } catch (RemoteException bad) {
            throw new IllegalStateException(bad);
        }
    }

    /** A service of another app, by the answers that the device gives for the codes of its calls. */
    private static final class Far extends Binder {
        private final JSONObject answers;

        Far(JSONObject told) {
            attachInterface(null, told.optString("descriptor"));
            answers = told.optJSONObject("answers") == null ? new JSONObject() : told.optJSONObject("answers");
        }

        @Override protected boolean onTransact(int code, Parcel data, Parcel reply, int flags) {
            Object value = answers.opt(String.valueOf(code));
            if (reply == null) return true;
            reply.writeNoException();
            if (value instanceof Boolean) reply.writeInt((Boolean) value ? 1 : 0);
            else if (value instanceof Number) reply.writeInt(((Number) value).intValue());
            else reply.writeString(value == null || value == JSONObject.NULL ? null : value.toString());
            return true;
        }
    }
}
