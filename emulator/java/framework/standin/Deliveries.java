package standin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Who waits for {@code location.fix} and {@code sensor.event}: by the number given at registration. */
public final class Deliveries {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Map<Integer, Consumer<Map<String, Object>>> WAITING = new ConcurrentHashMap<>();

    private Deliveries() {}

    /** A new number for {@code receiver}, which is called on the wire's thread. */
    public static int add(Consumer<Map<String, Object>> receiver) {
        int number = NUMBERS.incrementAndGet();
        WAITING.put(number, receiver);
        return number;
    }

    public static void remove(int number) {
        WAITING.remove(number);
    }

    /** An event of the device that has a {@code listener}; false if nobody waits for it. */
    public static boolean dispatch(Map<String, Object> event) {
        Consumer<Map<String, Object>> receiver = WAITING.get(Read.integer(event.get("listener"), -1));
        if (receiver == null) return false;
        receiver.accept(event);
        return true;
    }
}
