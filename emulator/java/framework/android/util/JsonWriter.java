package android.util;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;

public final class JsonWriter implements Closeable {
    private final Writer mOut;
    /** Of each array or object that is open: its end, and whether something is in it. */
    private final Deque<Object[]> mOpen = new ArrayDeque<>();
    private String mIndent = "";
    private String mName;

    public JsonWriter(Writer out) { mOut = out; }
    public void setIndent(String indent) { mIndent = indent; }
    public void setLenient(boolean lenient) {}
    public boolean isLenient() { return false; }

    private void line() throws IOException {
        if (mIndent.isEmpty()) return;
        mOut.write('\n');
        for (int i = 0; i < mOpen.size(); i++) mOut.write(mIndent);
    }
    private void next(String text) throws IOException {
        Object[] in = mOpen.peek();
        if (in != null && in[0].equals('}') && mName == null) throw new IllegalStateException("Nesting problem.");
        if (in != null) {
            if ((boolean) in[1]) mOut.write(',');
            in[1] = true;
            line();
        }
        if (mName != null) mOut.write(quoted(mName) + (mIndent.isEmpty() ? ":" : ": "));
        mName = null;
        mOut.write(text);
    }
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            int at = "\t\b\n\r\f".indexOf(c);
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (at >= 0) out.append('\\').append("tbnrf".charAt(at));
            else if (c < 0x20 || c == 0x2028 || c == 0x2029) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }
    private JsonWriter open(char start, char end) throws IOException {
        next(String.valueOf(start));
        mOpen.push(new Object[] {end, false});
        return this;
    }
    private JsonWriter shut(char end) throws IOException {
        if (mOpen.isEmpty() || !mOpen.peek()[0].equals(end) || mName != null) throw new IllegalStateException("Nesting problem.");
        boolean filled = (boolean) mOpen.pop()[1];
        if (filled) line();
        mOut.write(end);
        return this;
    }
    public JsonWriter beginArray() throws IOException { return open('[', ']'); }
    public JsonWriter endArray() throws IOException { return shut(']'); }
    public JsonWriter beginObject() throws IOException { return open('{', '}'); }
    public JsonWriter endObject() throws IOException { return shut('}'); }
    public JsonWriter name(String name) throws IOException {
        if (name == null) throw new NullPointerException("name == null");
        if (mOpen.isEmpty() || !mOpen.peek()[0].equals('}') || mName != null) throw new IllegalStateException("Nesting problem.");
        mName = name;
        return this;
    }
    private JsonWriter put(String text) throws IOException {
        next(text);
        return this;
    }
    public JsonWriter value(String value) throws IOException { return put(value == null ? "null" : quoted(value)); }
    public JsonWriter nullValue() throws IOException { return put("null"); }
    public JsonWriter value(boolean value) throws IOException { return put(String.valueOf(value)); }
    public JsonWriter value(long value) throws IOException { return put(String.valueOf(value)); }
    public JsonWriter value(double value) throws IOException { return value((Number) value); }
    public JsonWriter value(Number value) throws IOException {
        if (value == null) return nullValue();
        if (Double.isNaN(value.doubleValue()) || Double.isInfinite(value.doubleValue())) throw new IllegalArgumentException("Numeric values must be finite, but was " + value);
        return put(value.toString());
    }
    public void flush() throws IOException { mOut.flush(); }
    @Override public void close() throws IOException {
        mOut.close();
        if (!mOpen.isEmpty()) throw new IOException("Incomplete document");
    }
}
