package android.content;

import android.os.Parcel;
import android.os.Parcelable;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

public final class ContentValues implements Parcelable {
    private final Map<String, Object> mMap = new HashMap<>();

    public ContentValues() {}

    public ContentValues(int size) {}

    public ContentValues(ContentValues from) { mMap.putAll(from.mMap); }
    public void put(String k, String v) { mMap.put(k, v); }
    public void put(String k, Byte v) { mMap.put(k, v); }
    public void put(String k, Short v) { mMap.put(k, v); }
    public void put(String k, Integer v) { mMap.put(k, v); }
    public void put(String k, Long v) { mMap.put(k, v); }
    public void put(String k, Float v) { mMap.put(k, v); }
    public void put(String k, Double v) { mMap.put(k, v); }
    public void put(String k, Boolean v) { mMap.put(k, v); }
    public void put(String k, byte[] v) { mMap.put(k, v); }
    public void putNull(String k) { mMap.put(k, null); }
    public void putAll(ContentValues o) { mMap.putAll(o.mMap); }
    public int size() { return mMap.size(); }
    public boolean isEmpty() { return mMap.isEmpty(); }
    public void remove(String k) { mMap.remove(k); }
    public void clear() { mMap.clear(); }
    public boolean containsKey(String k) { return mMap.containsKey(k); }
    public Object get(String k) { return mMap.get(k); }
    public String getAsString(String k) { Object v = mMap.get(k); return v == null ? null : v.toString(); }
    public Integer getAsInteger(String k) { Long v = getAsLong(k); return v == null ? null : v.intValue(); }
    public Long getAsLong(String k) {
        Object v = mMap.get(k);
        if (v instanceof Number) return ((Number) v).longValue();
        try { return v == null ? null : Long.valueOf(v.toString()); } catch (NumberFormatException e) { return null; }
    }
    public Boolean getAsBoolean(String k) { Object v = mMap.get(k); return v instanceof Boolean ? (Boolean) v : null; }
    public byte[] getAsByteArray(String k) { Object v = mMap.get(k); return v instanceof byte[] ? (byte[]) v : null; }
    public Set<String> keySet() { return mMap.keySet(); }
    public Set<Map.Entry<String, Object>> valueSet() { return mMap.entrySet(); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeValue(this); }
    @Override public String toString() { return mMap.toString(); }
}
