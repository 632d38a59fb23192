package org.json;

import java.lang.reflect.Array;
import java.util.Iterator;

/** Conversions between the kinds of values, and writing. */
final class Values {
    private Values() {}

    static Boolean bool(Object o) {
        if (o instanceof Boolean) return (Boolean) o;
        if (!(o instanceof String)) return null;
        return "true".equalsIgnoreCase((String) o) ? Boolean.TRUE : "false".equalsIgnoreCase((String) o) ? Boolean.FALSE : null;
    }

    static Number number(Object o) {
        if (o instanceof Number) return (Number) o;
        try {
            return o instanceof String ? Double.valueOf((String) o) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static Long whole(Object o) {
        if (o instanceof Number) return ((Number) o).longValue();
        try {
            return o instanceof String ? Long.valueOf((String) o) : null;
        } catch (NumberFormatException e) {
            Number found = number(o);
            return found == null ? null : found.longValue();
        }
    }

    static String text(Object o) { return o == null ? null : o instanceof Number ? plain((Number) o) : String.valueOf(o); }

    static <T> T need(T found, Object name, Object value, String kind) throws JSONException {
        if (found == null) throw new JSONException("Value " + value + " at " + name + " of type " + value.getClass().getName() + " cannot be converted to " + kind);
        return found;
    }

    static JSONException mismatch(Object value, String kind) {
        return new JSONException("Value " + value + " of type " + (value == null ? "null" : value.getClass().getName()) + " cannot be converted to " + kind);
    }

    static double finite(double value) throws JSONException {
        if (Double.isNaN(value) || Double.isInfinite(value)) throw new JSONException("Forbidden numeric value: " + value);
        return value;
    }

    static JSONArray array(Object array) {
        JSONArray out = new JSONArray();
        for (int i = 0; i < Array.getLength(array); i++) out.put(JSONObject.wrap(Array.get(array, i)));
        return out;
    }

    static String plain(Number number) {
        double value = number.doubleValue();
        if (number instanceof Double || number instanceof Float) {
            if (value == 0 && 1 / value < 0) return "-0";
            if (value == (long) value && Math.abs(value) < 1e15) return Long.toString((long) value);
        }
        return number.toString();
    }

    static String write(Object value, int indent) {
        StringBuilder out = new StringBuilder();
        write(out, value, indent, 0);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value, int indent, int level) {
        if (value == null || value == JSONObject.NULL) {
            out.append("null");
        } else if (value instanceof JSONObject) {
            JSONObject object = (JSONObject) value;
            out.append('{');
            for (Iterator<String> names = object.keys(); names.hasNext();) {
                String name = names.next();
                line(out, indent, level + 1);
                out.append(quote(name)).append(indent > 0 ? ": " : ":");
                write(out, object.opt(name), indent, level + 1);
                if (names.hasNext()) out.append(',');
            }
            if (object.length() > 0) line(out, indent, level);
            out.append('}');
        } else if (value instanceof JSONArray) {
            JSONArray array = (JSONArray) value;
            out.append('[');
            for (int i = 0; i < array.length(); i++) {
                line(out, indent, level + 1);
                write(out, array.opt(i), indent, level + 1);
                if (i + 1 < array.length()) out.append(',');
            }
            if (array.length() > 0) line(out, indent, level);
            out.append(']');
        } else if (value instanceof Boolean) {
            out.append(value);
        } else {
            out.append(value instanceof Number ? plain((Number) value) : quote(value.toString()));
        }
    }

    private static void line(StringBuilder out, int indent, int level) {
        if (indent > 0) out.append('\n').append(" ".repeat(indent * level));
    }

    static String quote(String data) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : data.toCharArray()) {
            switch (c) {
                case '"':
                case '\\':
                case '/': out.append('\\').append(c); break;
                case '\n': out.append("\\n"); break;
                case '\t': out.append("\\t"); break;
                case '\r': out.append("\\r"); break;
                case '\b': out.append("\\b"); break;
                case '\f': out.append("\\f"); break;
                default:
                    if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
                    else out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
