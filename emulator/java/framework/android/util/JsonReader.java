package android.util;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.json.JSONTokener;

/** Reads the whole text with org.json, then walks through it. */
public final class JsonReader implements Closeable {
    private final Reader mIn;
    private final Deque<Iterator<Object>> mOpen = new ArrayDeque<>();
    /** The objects that are open; in their place {@code NONE} for an array. */
    private final Deque<JSONObject> mObjects = new ArrayDeque<>();
    private Object mNext;
    private boolean mRead;

    private static final Object END = new Object();
    private static final JSONObject NONE = new JSONObject();

    /** A name in an object, to be told from a text. */
    private static final class Name {
        final String text;

        Name(String text) { this.text = text; }
    }

    public JsonReader(Reader in) { mIn = in; }
    public void setLenient(boolean lenient) {}
    public boolean isLenient() { return false; }

    private Object peeked() throws IOException {
        if (!mRead) {
            mRead = true;
            StringBuilder text = new StringBuilder();
            char[] part = new char[4096];
            for (int n = mIn.read(part); n >= 0; n = mIn.read(part)) text.append(part, 0, n);
            if (text.toString().trim().isEmpty()) throw new java.io.EOFException("End of input");
            try {
                mNext = new JSONTokener(text.toString()).nextValue();
            } catch (JSONException bad) {
                throw new MalformedJsonException(bad.getMessage());
            }
        }
        return mNext;
    }
    private void advance() { mNext = mOpen.isEmpty() || !mOpen.peek().hasNext() ? END : mOpen.peek().next(); }
    public JsonToken peek() throws IOException {
        Object next = peeked();
        if (next == END) return mOpen.isEmpty() ? JsonToken.END_DOCUMENT : mObjects.peek() != NONE ? JsonToken.END_OBJECT : JsonToken.END_ARRAY;
        if (next instanceof Name) return JsonToken.NAME;
        if (next instanceof JSONObject) return JsonToken.BEGIN_OBJECT;
        if (next instanceof JSONArray) return JsonToken.BEGIN_ARRAY;
        return next == JSONObject.NULL ? JsonToken.NULL : next instanceof Boolean ? JsonToken.BOOLEAN : next instanceof Number ? JsonToken.NUMBER : JsonToken.STRING;
    }
    private Object want(JsonToken... tokens) throws IOException {
        JsonToken is = peek();
        for (JsonToken one : tokens) if (one == is) return mNext;
        throw new IllegalStateException("Expected " + tokens[0] + " but was " + is);
    }
    public void beginObject() throws IOException {
        JSONObject in = (JSONObject) want(JsonToken.BEGIN_OBJECT);
        java.util.List<Object> all = new java.util.ArrayList<>();
        for (Iterator<String> names = in.keys(); names.hasNext();) {
            String name = names.next();
            all.add(new Name(name));
            all.add(in.opt(name));
        }
        mObjects.push(in);
        mOpen.push(all.iterator());
        advance();
    }
    public void beginArray() throws IOException {
        JSONArray in = (JSONArray) want(JsonToken.BEGIN_ARRAY);
        java.util.List<Object> all = new java.util.ArrayList<>();
        for (int i = 0; i < in.length(); i++) all.add(in.opt(i));
        mObjects.push(NONE);
        mOpen.push(all.iterator());
        advance();
    }
    private void end(JsonToken token) throws IOException {
        want(token);
        mOpen.pop();
        mObjects.pop();
        advance();
    }
    public void endObject() throws IOException { end(JsonToken.END_OBJECT); }
    public void endArray() throws IOException { end(JsonToken.END_ARRAY); }
    public boolean hasNext() throws IOException { return peek() != JsonToken.END_OBJECT && peek() != JsonToken.END_ARRAY; }
    private Object take(JsonToken... tokens) throws IOException {
        Object value = want(tokens);
        advance();
        return value;
    }
    public String nextName() throws IOException { return ((Name) take(JsonToken.NAME)).text; }
    public String nextString() throws IOException { return String.valueOf(take(JsonToken.STRING, JsonToken.NUMBER)); }
    public boolean nextBoolean() throws IOException { return (Boolean) take(JsonToken.BOOLEAN); }
    public void nextNull() throws IOException { take(JsonToken.NULL); }
    public double nextDouble() throws IOException { return Double.parseDouble(nextString()); }
    public long nextLong() throws IOException { return new java.math.BigDecimal(nextString()).longValueExact(); }
    public int nextInt() throws IOException { return new java.math.BigDecimal(nextString()).intValueExact(); }
    public void skipValue() throws IOException {
        advance(); // A name alone, or a value: as on Android.
    }
    @Override public void close() throws IOException { mIn.close(); }
}
