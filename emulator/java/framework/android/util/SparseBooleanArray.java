package android.util;

import java.util.Map;
import java.util.TreeMap;

public class SparseBooleanArray implements Cloneable {
    private final TreeMap<Integer, Boolean> map = new TreeMap<>();

    public SparseBooleanArray() {}

    public SparseBooleanArray(int initialCapacity) {}

    private Map.Entry<Integer, Boolean> entry(int index) { return map.entrySet().stream().skip(index).findFirst().orElseThrow(); }
    public boolean get(int key) { return get(key, false); }
    public boolean get(int key, boolean otherwise) { return map.getOrDefault(key, otherwise); }
    public void put(int key, boolean value) { map.put(key, value); }
    public void append(int key, boolean value) { map.put(key, value); }
    public void delete(int key) { map.remove(key); }
    public void removeAt(int index) { map.remove(keyAt(index)); }
    public int size() { return map.size(); }
    public void clear() { map.clear(); }
    public int keyAt(int index) { return entry(index).getKey(); }
    public boolean valueAt(int index) { return entry(index).getValue(); }
    public int indexOfKey(int key) { return map.containsKey(key) ? map.headMap(key).size() : -1 - map.headMap(key).size(); }
    public int indexOfValue(boolean value) { return new java.util.ArrayList<>(map.values()).indexOf(value); }
    @Override public String toString() { return map.toString(); }
}
