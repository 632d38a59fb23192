package android.util;

import java.util.Map;
import java.util.TreeMap;

public class SparseIntArray implements Cloneable {
    private final TreeMap<Integer, Integer> map = new TreeMap<>();

    public SparseIntArray() {}

    public SparseIntArray(int initialCapacity) {}

    public int get(int key) { return get(key, 0); }
    public int get(int key, int otherwise) { return map.getOrDefault(key, otherwise); }
    public void put(int key, int value) { map.put(key, value); }
    public void append(int key, int value) { map.put(key, value); }
    public void delete(int key) { map.remove(key); }
    public void removeAt(int index) { map.remove(keyAt(index)); }
    public int size() { return map.size(); }
    public void clear() { map.clear(); }
    private Map.Entry<Integer, Integer> entry(int index) { return map.entrySet().stream().skip(index).findFirst().orElseThrow(); }
    public int keyAt(int index) { return entry(index).getKey(); }
    public int valueAt(int index) { return entry(index).getValue(); }
    public int indexOfKey(int key) { return map.containsKey(key) ? map.headMap(key).size() : -1; }
}
