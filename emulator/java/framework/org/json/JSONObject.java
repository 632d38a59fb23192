package org.json;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** An object of JSON, as the platform documents it. */
public class JSONObject {
    public static final Object NULL = new Object() {
        @Override public boolean equals(Object other) { return other == this || other == null; }
        @Override public int hashCode() { return 0; }
        @Override public String toString() { return "null"; }
    };
    private final Map<String, Object> values = new LinkedHashMap<>();

    public JSONObject() {}

    public JSONObject(Map<?, ?> copyFrom) {
        for (Map.Entry<?, ?> e : copyFrom.entrySet()) {
            if (e.getKey() == null) throw new NullPointerException("key == null");
            values.put(String.valueOf(e.getKey()), wrap(e.getValue()));
        }
    }

    public JSONObject(String json) throws JSONException {
        this(new JSONTokener(json));
    }

    public JSONObject(JSONTokener from) throws JSONException {
        Object found = from.nextValue();
        if (!(found instanceof JSONObject)) throw Values.mismatch(found, "JSONObject");
        values.putAll(((JSONObject) found).values);
    }

    public JSONObject(JSONObject from, String[] names) throws JSONException {
        for (String name : names) if (from.values.containsKey(name)) values.put(name, from.values.get(name));
    }

    public int length() { return values.size(); }
    public Iterator<String> keys() { return values.keySet().iterator(); }
    public JSONArray names() { return values.isEmpty() ? null : new JSONArray(values.keySet()); }
    public boolean has(String name) { return values.containsKey(name); }
    public boolean isNull(String name) { return NULL.equals(values.get(name)); }
    public Object remove(String name) { return values.remove(name); }

    public Object get(String name) throws JSONException {
        Object found = values.get(name);
        if (found == null) throw new JSONException("No value for " + name);
        return found;
    }

    public boolean getBoolean(String name) throws JSONException { return Values.need(Values.bool(get(name)), name, get(name), "boolean"); }
    public int getInt(String name) throws JSONException { return Values.need(Values.number(get(name)), name, get(name), "int").intValue(); }
    public long getLong(String name) throws JSONException { return Values.need(Values.whole(get(name)), name, get(name), "long"); }
    public double getDouble(String name) throws JSONException { return Values.need(Values.number(get(name)), name, get(name), "double").doubleValue(); }
    public String getString(String name) throws JSONException { return Values.text(get(name)); }
    public JSONArray getJSONArray(String name) throws JSONException { return Values.need(optJSONArray(name), name, get(name), "JSONArray"); }
    public JSONObject getJSONObject(String name) throws JSONException { return Values.need(optJSONObject(name), name, get(name), "JSONObject"); }

    public Object opt(String name) { return values.get(name); }
    public boolean optBoolean(String name) { return optBoolean(name, false); }
    public int optInt(String name) { return optInt(name, 0); }
    public long optLong(String name) { return optLong(name, 0L); }
    public double optDouble(String name) { return optDouble(name, Double.NaN); }
    public String optString(String name) { return optString(name, ""); }

    public boolean optBoolean(String name, boolean fallback) {
        Boolean found = Values.bool(opt(name));
        return found == null ? fallback : found;
    }

    public int optInt(String name, int fallback) {
        Number found = Values.number(opt(name));
        return found == null ? fallback : found.intValue();
    }

    public long optLong(String name, long fallback) {
        Long found = Values.whole(opt(name));
        return found == null ? fallback : found;
    }

    public double optDouble(String name, double fallback) {
        Number found = Values.number(opt(name));
        return found == null ? fallback : found.doubleValue();
    }

    public String optString(String name, String fallback) {
        String found = Values.text(opt(name));
        return found == null ? fallback : found;
    }

    public JSONArray optJSONArray(String name) {
        Object found = opt(name);
        return found instanceof JSONArray ? (JSONArray) found : null;
    }

    public JSONObject optJSONObject(String name) {
        Object found = opt(name);
        return found instanceof JSONObject ? (JSONObject) found : null;
    }

    public JSONArray toJSONArray(JSONArray names) throws JSONException {
        if (names == null || names.length() == 0) return null;
        JSONArray out = new JSONArray();
        for (int i = 0; i < names.length(); i++) out.put(opt(names.getString(i)));
        return out;
    }

    public JSONObject put(String name, boolean value) throws JSONException { return set(name, value); }
    public JSONObject put(String name, int value) throws JSONException { return set(name, value); }
    public JSONObject put(String name, long value) throws JSONException { return set(name, value); }
    public JSONObject put(String name, double value) throws JSONException { return set(name, Values.finite(value)); }

    public JSONObject put(String name, Object value) throws JSONException {
        if (value instanceof Number) Values.finite(((Number) value).doubleValue());
        return set(name, value);
    }

    public JSONObject putOpt(String name, Object value) throws JSONException {
        return name == null || value == null ? this : put(name, value);
    }

    /** Beside what is there under the name: both in an array. */
    public JSONObject accumulate(String name, Object value) throws JSONException {
        Object there = values.get(name);
        if (there == null) return put(name, value);
        if (there instanceof JSONArray) ((JSONArray) there).put(value);
        else values.put(name, new JSONArray().put(there).put(value));
        return this;
    }

    private JSONObject set(String name, Object value) throws JSONException {
        if (value == null) {
            values.remove(name);
            return this;
        }
        if (name == null) throw new JSONException("Names must be non-null");
        values.put(name, value);
        return this;
    }

    public static Object wrap(Object o) {
        if (o == null) return NULL;
        if (o instanceof JSONArray || o instanceof JSONObject || o == NULL) return o;
        if (o instanceof Collection) return new JSONArray((Collection<?>) o);
        if (o.getClass().isArray()) return Values.array(o);
        if (o instanceof Map) return new JSONObject((Map<?, ?>) o);
        if (o instanceof Boolean || o instanceof Number || o instanceof Character || o instanceof String) return o;
        return o.getClass().getName().startsWith("java.") ? o.toString() : null;
    }

    public static String numberToString(Number number) throws JSONException {
        if (number == null) throw new JSONException("Number must be non-null");
        return Values.plain(number);
    }

    public static String quote(String data) { return Values.quote(data == null ? "" : data); }

    public String toString(int indentSpaces) throws JSONException { return Values.write(this, indentSpaces); }

    @Override public String toString() { return Values.write(this, 0); }
}
