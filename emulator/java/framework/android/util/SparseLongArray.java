package android.util;

import java.util.Map;
import java.util.TreeMap;

public class SparseLongArray implements Cloneable {
    private final TreeMap<Integer, Long> map = new TreeMap<>();

    public SparseLongArray() {}

    public SparseLongArray(int initialCapacity) {}

    private Map.Entry<Integer, Long> entry(int index) { return map.entrySet().stream().skip(index).findFirst().orElseThrow(); }
    public long get(int key) { return get(key, 0); }
    public long get(int key, long otherwise) { return map.getOrDefault(key, otherwise); }
    public void put(int key, long value) { map.put(key, value); }
    public void append(int key, long value) { map.put(key, value); }
    public void delete(int key) { map.remove(key); }
    public void removeAt(int index) { map.remove(keyAt(index)); }
    public int size() { return map.size(); }
    public void clear() { map.clear(); }
    public int keyAt(int index) { return entry(index).getKey(); }
    public long valueAt(int index) { return entry(index).getValue(); }
    public int indexOfKey(int key) { return map.containsKey(key) ? map.headMap(key).size() : -1 - map.headMap(key).size(); }
    public int indexOfValue(long value) { return new java.util.ArrayList<>(map.values()).indexOf(value); }
    @Override public String toString() { return map.toString(); }
}
