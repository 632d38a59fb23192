package org.json;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Enough of the platform's class to build a payload; it does not parse. */
public class JSONObject {
    public static final Object NULL = new Object() {
        @Override public String toString() { return "null"; }
    };
    private final Map<String, Object> values = new LinkedHashMap<>();

    public JSONObject() {}

    public JSONObject(Map<?, ?> copyFrom) {
        for (Map.Entry<?, ?> e : copyFrom.entrySet()) values.put(String.valueOf(e.getKey()), e.getValue());
    }

    public int length() { return values.size(); }
    public Iterator<String> keys() { return values.keySet().iterator(); }
    public boolean has(String name) { return values.containsKey(name); }
    public Object opt(String name) { return values.get(name); }
    public String optString(String name) { return optString(name, ""); }
    public Object remove(String name) { return values.remove(name); }

    public String optString(String name, String fallback) {
        Object found = values.get(name);
        return found == null ? fallback : String.valueOf(found);
    }

    public Object get(String name) throws JSONException {
        Object found = values.get(name);
        if (found == null) throw new JSONException("No value for " + name);
        return found;
    }

    public String getString(String name) throws JSONException { return String.valueOf(get(name)); }
    public JSONObject put(String name, boolean value) throws JSONException { return set(name, value); }
    public JSONObject put(String name, int value) throws JSONException { return set(name, value); }
    public JSONObject put(String name, long value) throws JSONException { return set(name, value); }
    public JSONObject put(String name, double value) throws JSONException { return set(name, value); }
    public JSONObject put(String name, Object value) throws JSONException { return set(name, value); }

    public JSONObject putOpt(String name, Object value) throws JSONException {
        return name == null || value == null ? this : set(name, value);
    }

    private JSONObject set(String name, Object value) throws JSONException {
        if (name == null) throw new JSONException("Names must be non-null");
        if (value == null) values.remove(name);
        else values.put(name, value);
        return this;
    }

    public String toString(int indentSpaces) throws JSONException { return toString(); }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("{");
        for (Map.Entry<String, Object> e : values.entrySet()) {
            if (out.length() > 1) out.append(',');
            out.append(quote(e.getKey())).append(':').append(text(e.getValue()));
        }
        return out.append('}').toString();
    }

    private static String text(Object value) {
        boolean plain = value instanceof Number || value instanceof Boolean || value instanceof JSONObject || value == NULL;
        return plain ? String.valueOf(value) : quote(String.valueOf(value));
    }

    public static String quote(String data) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : (data == null ? "" : data).toCharArray()) {
            if (c == '"' || c == '\\' || c == '/') out.append('\\').append(c);
            else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }
}
