package org.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** An array of JSON, as the platform documents it. */
public class JSONArray {
    private final List<Object> values = new ArrayList<>();

    public JSONArray() {}

    public JSONArray(Collection<?> copyFrom) {
        if (copyFrom != null) for (Object one : copyFrom) values.add(JSONObject.wrap(one));
    }

    public JSONArray(Object array) throws JSONException {
        if (!array.getClass().isArray()) throw new JSONException("Not a primitive array: " + array.getClass());
        values.addAll(Values.array(array).values);
    }

    public JSONArray(String json) throws JSONException {
        this(new JSONTokener(json));
    }

    public JSONArray(JSONTokener from) throws JSONException {
        Object found = from.nextValue();
        if (!(found instanceof JSONArray)) throw Values.mismatch(found, "JSONArray");
        values.addAll(((JSONArray) found).values);
    }

    public int length() { return values.size(); }
    public boolean isNull(int i) { return JSONObject.NULL.equals(opt(i)); }
    public Object opt(int i) { return i < 0 || i >= values.size() ? null : values.get(i); }
    public Object remove(int i) { return i < 0 || i >= values.size() ? null : values.remove(i); }

    public Object get(int i) throws JSONException {
        Object found = opt(i);
        if (found == null) throw new JSONException(i < 0 || i >= values.size() ? "Index " + i + " out of range [0.." + values.size() + ")" : "Value at " + i + " is null.");
        return found;
    }

    public boolean getBoolean(int i) throws JSONException { return Values.need(Values.bool(get(i)), i, get(i), "boolean"); }
    public int getInt(int i) throws JSONException { return Values.need(Values.number(get(i)), i, get(i), "int").intValue(); }
    public long getLong(int i) throws JSONException { return Values.need(Values.whole(get(i)), i, get(i), "long"); }
    public double getDouble(int i) throws JSONException { return Values.need(Values.number(get(i)), i, get(i), "double").doubleValue(); }
    public String getString(int i) throws JSONException { return Values.text(get(i)); }
    public JSONArray getJSONArray(int i) throws JSONException { return Values.need(optJSONArray(i), i, get(i), "JSONArray"); }
    public JSONObject getJSONObject(int i) throws JSONException { return Values.need(optJSONObject(i), i, get(i), "JSONObject"); }

    public boolean optBoolean(int i) { return optBoolean(i, false); }
    public int optInt(int i) { return optInt(i, 0); }
    public long optLong(int i) { return optLong(i, 0L); }
    public double optDouble(int i) { return optDouble(i, Double.NaN); }
    public String optString(int i) { return optString(i, ""); }

    public boolean optBoolean(int i, boolean fallback) {
        Boolean found = Values.bool(opt(i));
        return found == null ? fallback : found;
    }

    public int optInt(int i, int fallback) {
        Number found = Values.number(opt(i));
        return found == null ? fallback : found.intValue();
    }

    public long optLong(int i, long fallback) {
        Long found = Values.whole(opt(i));
        return found == null ? fallback : found;
    }

    public double optDouble(int i, double fallback) {
        Number found = Values.number(opt(i));
        return found == null ? fallback : found.doubleValue();
    }

    public String optString(int i, String fallback) {
        String found = Values.text(opt(i));
        return found == null ? fallback : found;
    }

    public JSONArray optJSONArray(int i) {
        Object found = opt(i);
        return found instanceof JSONArray ? (JSONArray) found : null;
    }

    public JSONObject optJSONObject(int i) {
        Object found = opt(i);
        return found instanceof JSONObject ? (JSONObject) found : null;
    }

    public JSONArray put(boolean value) { return put((Object) value); }
    public JSONArray put(int value) { return put((Object) value); }
    public JSONArray put(long value) { return put((Object) value); }
    public JSONArray put(double value) throws JSONException { return put((Object) Values.finite(value)); }

    public JSONArray put(Object value) {
        values.add(value);
        return this;
    }

    public JSONArray put(int i, boolean value) throws JSONException { return put(i, (Object) value); }
    public JSONArray put(int i, int value) throws JSONException { return put(i, (Object) value); }
    public JSONArray put(int i, long value) throws JSONException { return put(i, (Object) value); }
    public JSONArray put(int i, double value) throws JSONException { return put(i, (Object) value); }

    public JSONArray put(int i, Object value) throws JSONException {
        if (value instanceof Number) Values.finite(((Number) value).doubleValue());
        while (values.size() <= i) values.add(null);
        values.set(i, value);
        return this;
    }

    public String join(String separator) throws JSONException {
        StringBuilder out = new StringBuilder();
        for (Object one : values) out.append(out.length() == 0 ? "" : separator).append(Values.write(one, 0));
        return out.toString();
    }

    public JSONObject toJSONObject(JSONArray names) throws JSONException {
        JSONObject out = new JSONObject();
        for (int i = 0; names != null && i < Math.min(names.length(), length()); i++) out.put(names.getString(i), opt(i));
        return out.length() == 0 ? null : out;
    }

    public String toString(int indentSpaces) throws JSONException { return Values.write(this, indentSpaces); }

    @Override public String toString() { return Values.write(this, 0); }
    @Override public boolean equals(Object o) { return o instanceof JSONArray && ((JSONArray) o).values.equals(values); }
    @Override public int hashCode() { return values.hashCode(); }
}
