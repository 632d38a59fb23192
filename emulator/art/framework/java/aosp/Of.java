package aosp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** List.of, Set.of, Map.of and their copyOf, which the bed's core library has not. */
public final class Of {
    private Of() {}

    @SafeVarargs public static <T> List<T> List(T... values) {
        return Collections.unmodifiableList(new ArrayList<>(Arrays.asList(values)));
    }

    public static <T> List<T> List(Collection<? extends T> values) {
        return Collections.unmodifiableList(new ArrayList<>(values));
    }

    @SafeVarargs public static <T> Set<T> Set(T... values) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(values)));
    }

    public static <T> Set<T> Set(Collection<? extends T> values) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    @SuppressWarnings("unchecked") public static <K, V> Map<K, V> Map(Object... pairs) {
        Map<K, V> made = new LinkedHashMap<>();
        for (int at = 0; at < pairs.length; at += 2) made.put((K) pairs[at], (V) pairs[at + 1]);
        return Collections.unmodifiableMap(made);
    }

    public static <K, V> Map<K, V> Map(Map<? extends K, ? extends V> values) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
