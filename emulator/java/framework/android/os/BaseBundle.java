package android.os;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

public class BaseBundle {
    final Map<String, Object> mMap = new HashMap<>();

    BaseBundle() {}

    public int size() { return mMap.size(); }
    public boolean isEmpty() { return mMap.isEmpty(); }
    public void clear() { mMap.clear(); }
    public boolean containsKey(String key) { return mMap.containsKey(key); }
    public Object get(String key) { return mMap.get(key); }
    public void remove(String key) { mMap.remove(key); }
    public Set<String> keySet() { return mMap.keySet(); }

    <T> T typed(String key, Class<T> type, T otherwise) {
        Object v = mMap.get(key);
        return type.isInstance(v) ? type.cast(v) : otherwise;
    }

    public void putBoolean(String key, boolean v) { mMap.put(key, v); }
    public void putInt(String key, int v) { mMap.put(key, v); }
    public void putLong(String key, long v) { mMap.put(key, v); }
    public void putDouble(String key, double v) { mMap.put(key, v); }
    public void putString(String key, String v) { mMap.put(key, v); }
    public void putStringArray(String key, String[] v) { mMap.put(key, v); }
    public void putIntArray(String key, int[] v) { mMap.put(key, v); }
    public void putLongArray(String key, long[] v) { mMap.put(key, v); }
    public void putBooleanArray(String key, boolean[] v) { mMap.put(key, v); }
    public void putDoubleArray(String key, double[] v) { mMap.put(key, v); }
    public boolean[] getBooleanArray(String key) { return typed(key, boolean[].class, null); }
    public double[] getDoubleArray(String key) { return typed(key, double[].class, null); }
    public boolean getBoolean(String key) { return getBoolean(key, false); }
    public boolean getBoolean(String key, boolean d) { return typed(key, Boolean.class, d); }
    public int getInt(String key) { return getInt(key, 0); }
    public int getInt(String key, int d) { Number n = typed(key, Number.class, d); return n.intValue(); }
    public long getLong(String key) { return getLong(key, 0); }
    public long getLong(String key, long d) { Number n = typed(key, Number.class, d); return n.longValue(); }
    public double getDouble(String key) { return getDouble(key, 0); }
    public double getDouble(String key, double d) { Number n = typed(key, Number.class, d); return n.doubleValue(); }
    public String getString(String key) { return getString(key, null); }
    public String getString(String key, String d) { return typed(key, String.class, d); }
    public String[] getStringArray(String key) { return typed(key, String[].class, null); }
    public int[] getIntArray(String key) { return typed(key, int[].class, null); }
    public long[] getLongArray(String key) { return typed(key, long[].class, null); }

    @Override
    public String toString() {
        return "Bundle[" + mMap + "]";
    }
}
