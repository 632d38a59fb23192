package android.util;

import java.util.Map;
import java.util.TreeMap;

public class SparseArray<E> implements Cloneable {
    private final TreeMap<Integer, E> map = new TreeMap<>();

    public E get(int key) { return map.get(key); }
    public E get(int key, E otherwise) { return map.getOrDefault(key, otherwise); }
    public void put(int key, E value) { map.put(key, value); }
    public void append(int key, E value) { map.put(key, value); }
    public void remove(int key) { map.remove(key); }
    public void delete(int key) { map.remove(key); }
    public void removeAt(int index) { map.remove(keyAt(index)); }
    public int size() { return map.size(); }
    public void clear() { map.clear(); }
    public boolean contains(int key) { return map.containsKey(key); }
    private Map.Entry<Integer, E> entry(int index) { return map.entrySet().stream().skip(index).findFirst().orElseThrow(); }
    public int keyAt(int index) { return entry(index).getKey(); }
    public E valueAt(int index) { return entry(index).getValue(); }
    public int indexOfKey(int key) { return map.containsKey(key) ? map.headMap(key).size() : -1; }
    public SparseArray(int capacity) {}
    public SparseArray() {}
    public void set(int key, E value) { put(key, value); }
    public void setValueAt(int index, E value) { entry(index).setValue(value); }
    public int indexOfValue(E value) {
        for (int i = 0; i < size(); i++) if (valueAt(i) == value) return i;
        return -1;
    }
    public void removeAtRange(int index, int size) { for (int i = 0; i < size && index < size(); i++) removeAt(index); }
}
