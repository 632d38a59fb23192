package android.util;

import java.util.LinkedHashMap;
import java.util.Map;

public class LruCache<K, V> {
    private final LinkedHashMap<K, V> map = new LinkedHashMap<>(0, 0.75f, true);
    private int maxSize;
    private int size;
    private int puts;
    private int creates;
    private int evictions;
    private int hits;
    private int misses;

    public LruCache(int maxSize) {
        if (maxSize <= 0) throw new IllegalArgumentException("maxSize <= 0");
        this.maxSize = maxSize;
    }

    protected int sizeOf(K key, V value) { return 1; }
    protected V create(K key) { return null; }
    protected void entryRemoved(boolean evicted, K key, V oldValue, V newValue) {}

    private int measured(K key, V value) {
        int one = sizeOf(key, value);
        if (one < 0) throw new IllegalStateException("Negative size: " + key + "=" + value);
        return one;
    }

    public final V get(K key) {
        if (key == null) throw new NullPointerException("key == null");
        synchronized (this) {
            V value = map.get(key);
            if (value != null) {
                hits++;
                return value;
            }
            misses++;
        }
        V made = create(key);
        if (made == null) return null;
        V there;
        synchronized (this) {
            creates++;
            there = map.get(key);
            if (there == null) {
                map.put(key, made);
                size += measured(key, made);
            }
        }
        if (there != null) {
            entryRemoved(false, key, made, there);
            return there;
        }
        trimToSize(maxSize);
        return made;
    }

    public final V put(K key, V value) {
        if (key == null || value == null) throw new NullPointerException("key == null || value == null");
        V old;
        synchronized (this) {
            puts++;
            size += measured(key, value);
            old = map.put(key, value);
            if (old != null) size -= measured(key, old);
        }
        if (old != null) entryRemoved(false, key, old, value);
        trimToSize(maxSize);
        return old;
    }

    public void trimToSize(int maxSize) {
        while (true) {
            Map.Entry<K, V> eldest;
            synchronized (this) {
                if (size <= maxSize || map.isEmpty()) return;
                eldest = map.entrySet().iterator().next();
                map.remove(eldest.getKey());
                size -= measured(eldest.getKey(), eldest.getValue());
                evictions++;
            }
            entryRemoved(true, eldest.getKey(), eldest.getValue(), null);
        }
    }

    public final V remove(K key) {
        V old;
        synchronized (this) {
            old = map.remove(key);
            if (old != null) size -= measured(key, old);
        }
        if (old != null) entryRemoved(false, key, old, null);
        return old;
    }

    public void resize(int maxSize) {
        synchronized (this) {
            this.maxSize = maxSize;
        }
        trimToSize(maxSize);
    }
    public final void evictAll() { trimToSize(-1); }
    public final synchronized int size() { return size; }
    public final synchronized int maxSize() { return maxSize; }
    public final synchronized int hitCount() { return hits; }
    public final synchronized int missCount() { return misses; }
    public final synchronized int createCount() { return creates; }
    public final synchronized int putCount() { return puts; }
    public final synchronized int evictionCount() { return evictions; }
    public final synchronized Map<K, V> snapshot() { return new LinkedHashMap<>(map); }
}
