package android.util;

import java.util.LinkedHashMap;
import java.util.Map;

public final class ArrayMap<K, V> extends LinkedHashMap<K, V> {
    public ArrayMap() {}

    public ArrayMap(int capacity) {}

    public ArrayMap(Map<K, V> map) {
        super(map);
    }
}
