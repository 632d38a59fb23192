package android.util;

import java.util.Map;
import java.util.TreeMap;

public class LongSparseArray<E> implements Cloneable {
    private final TreeMap<Long, E> map = new TreeMap<>();

    public LongSparseArray() {}

    public LongSparseArray(int initialCapacity) {}

    private Map.Entry<Long, E> entry(int index) { return map.entrySet().stream().skip(index).findFirst().orElseThrow(); }
    public E get(long key) { return get(key, null); }
    public E get(long key, E otherwise) { return map.getOrDefault(key, otherwise); }
    public void put(long key, E value) { map.put(key, value); }
    public void append(long key, E value) { map.put(key, value); }
    public void remove(long key) { map.remove(key); }
    public void delete(long key) { map.remove(key); }
    public void removeAt(int index) { map.remove(keyAt(index)); }
    public int size() { return map.size(); }
    public void clear() { map.clear(); }
    public long keyAt(int index) { return entry(index).getKey(); }
    public E valueAt(int index) { return entry(index).getValue(); }
    public int indexOfKey(long key) { return map.containsKey(key) ? map.headMap(key).size() : -1 - map.headMap(key).size(); }
    public int indexOfValue(E value) { return new java.util.ArrayList<>(map.values()).indexOf(value); }
    @Override public String toString() { return map.toString(); }
}
