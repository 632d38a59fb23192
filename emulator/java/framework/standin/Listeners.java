package standin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Who wants which later event of the device, by the number given at registration. Called on the main thread. */
public final class Listeners {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Map<Integer, Consumer<Map<String, Object>>> BY_NUMBER = new ConcurrentHashMap<>();
    private static final Map<String, Consumer<Map<String, Object>>> BY_EVENT = new ConcurrentHashMap<>();

    private Listeners() {}

    /** For events with a {@code listener} number (location.fix, sensor.event): the number to send along. */
    public static int add(Consumer<Map<String, Object>> consumer) {
        int number = NUMBERS.incrementAndGet();
        BY_NUMBER.put(number, consumer);
        return number;
    }

    public static void remove(int number) {
        BY_NUMBER.remove(number);
    }

    /** For events without a number, one consumer a name. */
    public static void on(String event, Consumer<Map<String, Object>> consumer) {
        BY_EVENT.put(event, consumer);
    }

    public static void dispatch(String event, Map<String, Object> args) {
        Object number = args.get("listener");
        Consumer<Map<String, Object>> one = number instanceof Number ? BY_NUMBER.get(((Number) number).intValue()) : BY_EVENT.get(event);
        if (one != null) one.accept(args);
    }
}
