package aosp;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.json.JSONException;
import org.json.JSONObject;

/** The device that a session's process belongs to; without it a process knows the state that its start was given. */
public final class Link {
    private static volatile BiFunction<String, Map<String, ?>, String> device;
    private static volatile BiConsumer<String, Map<String, ?>> events = (name, words) -> {};

    private Link() {}

    /** {@code device} answers a request of PROTOCOL.md with {@code {"r": answer}} as JSON, or throws; {@code events} takes those that have no answer. */
    public static void to(BiFunction<String, Map<String, ?>, String> device, BiConsumer<String, Map<String, ?>> events) {
        Link.device = device;
        Link.events = events;
    }

    static boolean there() {
        return device != null;
    }

    static void tell(String event, Map<String, ?> words) {
        events.accept(event, words);
    }

    /** The answer as org.json has it; null where that is null, or where there is no device. */
    static Object ask(String method, Map<String, ?> words) {
        if (device == null) return null;
        try {
            Object answer = new JSONObject(device.apply(method, words)).opt("r");
            return answer == JSONObject.NULL ? null : answer;
        } catch (JSONException bad) {
            throw new IllegalStateException(bad);
        }
    }

    static boolean holds(String permission) {
        return device == null || Boolean.TRUE.equals(ask("perm.check", Map.of("permission", permission)));
    }
}
