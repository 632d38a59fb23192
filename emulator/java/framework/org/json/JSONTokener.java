package org.json;

/** Reads JSON from a text. */
public class JSONTokener {
    private static final int DEEPEST = 200;
    private final String in;
    private int at;
    private int depth;

    public JSONTokener(String in) {
        if (in == null) throw new NullPointerException("json == null");
        this.in = in.startsWith("\ufeff") ? in.substring(1) : in;
    }

    public boolean more() { return at < in.length(); }
    public char next() { return at < in.length() ? in.charAt(at++) : '\0'; }

    public void back() { if (at > 0) at--; }

    public char nextClean() throws JSONException {
        while (at < in.length() && in.charAt(at) <= ' ') at++;
        return next();
    }

    public Object nextValue() throws JSONException {
        char c = nextClean();
        switch (c) {
            case '\0': throw syntaxError("End of input");
            case '{': return object();
            case '[': return array();
            case '"':
            case '\'': return nextString(c);
            default:
                at--;
                return literal();
        }
    }

    private JSONObject object() throws JSONException {
        deeper();
        JSONObject out = new JSONObject();
        if (nextClean() == '}') return shallower(out);
        at--;
        while (true) {
            Object name = nextValue();
            if (!(name instanceof String)) throw syntaxError("Names must be strings, but " + name + " is not");
            char colon = nextClean();
            if (colon != ':' && colon != '=') throw syntaxError("Expected ':' after " + name);
            out.put((String) name, nextValue());
            char mark = nextClean();
            if (mark == '}') return shallower(out);
            if (mark != ',' && mark != ';') throw syntaxError("Unterminated object");
        }
    }

    private JSONArray array() throws JSONException {
        deeper();
        JSONArray out = new JSONArray();
        if (nextClean() == ']') return shallower(out);
        at--;
        while (true) {
            out.put(nextValue());
            char mark = nextClean();
            if (mark == ']') return shallower(out);
            if (mark != ',' && mark != ';') throw syntaxError("Unterminated array");
        }
    }

    private void deeper() throws JSONException {
        if (++depth > DEEPEST) throw syntaxError("Nesting too deep");
    }

    private <T> T shallower(T made) {
        depth--;
        return made;
    }

    public String nextString(char quote) throws JSONException {
        StringBuilder out = new StringBuilder();
        while (at < in.length()) {
            char c = in.charAt(at++);
            if (c == quote) return out.toString();
            out.append(c == '\\' ? escaped() : c);
        }
        throw syntaxError("Unterminated string");
    }

    private char escaped() throws JSONException {
        char c = next();
        switch (c) {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'u':
                if (at + 4 > in.length()) throw syntaxError("Unterminated escape sequence");
                try {
                    char made = (char) Integer.parseInt(in.substring(at, at + 4), 16);
                    at += 4;
                    return made;
                } catch (NumberFormatException e) {
                    throw syntaxError("Invalid escape sequence");
                }
            default: return c;
        }
    }

    private Object literal() throws JSONException {
        int start = at;
        while (at < in.length() && "{}[]/\\:,=;# \t\f\r\n".indexOf(in.charAt(at)) < 0) at++;
        String word = in.substring(start, at);
        if (word.isEmpty()) throw syntaxError("Expected literal value");
        if (word.equalsIgnoreCase("null")) return JSONObject.NULL;
        if (word.equalsIgnoreCase("true")) return Boolean.TRUE;
        if (word.equalsIgnoreCase("false")) return Boolean.FALSE;
        try {
            long whole = Long.parseLong(word);
            if (whole >= Integer.MIN_VALUE && whole <= Integer.MAX_VALUE) return (int) whole;
            return whole;
        } catch (NumberFormatException notWhole) {
            try {
                return Double.valueOf(word);
            } catch (NumberFormatException notNumber) {
                return word;
            }
        }
    }

    public JSONException syntaxError(String message) { return new JSONException(message + this); }

    @Override public String toString() { return " at character " + at + " of " + in; }
}
