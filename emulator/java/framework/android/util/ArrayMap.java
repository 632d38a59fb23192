package android.util;

import java.util.LinkedHashMap;
import java.util.Map;

public final class ArrayMap<K, V> extends LinkedHashMap<K, V> {
    public ArrayMap() {}

    public ArrayMap(int capacity) {}

    public ArrayMap(Map<K, V> map) {
        super(map);
    }

    private Map.Entry<K, V> at(int index) {
        int left = index;
        for (Map.Entry<K, V> one : entrySet()) if (left-- == 0) return one;
        throw new ArrayIndexOutOfBoundsException(index);
    }

    public K keyAt(int index) { return at(index).getKey(); }
    public V valueAt(int index) { return at(index).getValue(); }
    public V removeAt(int index) { return remove(keyAt(index)); }

    public int indexOfKey(Object key) {
        int index = 0;
        for (K one : keySet()) {
            if (java.util.Objects.equals(one, key)) return index;
            index++;
        }
        return ~index;
    }
    public V setValueAt(int index, V value) { return at(index).setValue(value); }
    public int indexOfValue(Object value) {
        int index = 0;
        for (V one : values()) {
            if (java.util.Objects.equals(one, value)) return index;
            index++;
        }
        return -1;
    }
    public void ensureCapacity(int minimum) {}
    public boolean containsAll(java.util.Collection<?> all) { return keySet().containsAll(all); }
    public boolean removeAll(java.util.Collection<?> all) { return keySet().removeAll(all); }
    public boolean retainAll(java.util.Collection<?> all) { return keySet().retainAll(all); }
}
