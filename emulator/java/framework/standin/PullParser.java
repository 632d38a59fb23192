package standin;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xmlpull.v1.XmlPullParser;
import org.xmlpull.v1.XmlPullParserException;

/** Elements, attributes, text and CDATA of an XML document; prefixes are resolved to namespaces. */
public final class PullParser implements XmlPullParser {
    private static final Map<String, String> ENTITIES = Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "apos", "'");
    private final Map<String, Boolean> features = new HashMap<>();
    private final List<String> open = new ArrayList<>();
    private final List<Map<String, String>> spaces = new ArrayList<>();
    private final List<String[]> attributes = new ArrayList<>();
    private String all = "";
    private int at;
    private int type = START_DOCUMENT;
    private String name;
    private String text;
    private boolean empty;
    private boolean closing;

    @Override public void setInput(Reader in) throws XmlPullParserException {
        StringBuilder out = new StringBuilder();
        char[] part = new char[8192];
        try {
            for (int n = in.read(part); n >= 0; n = in.read(part)) out.append(part, 0, n);
        } catch (IOException e) {
            throw new XmlPullParserException(e.getMessage(), this, e);
        }
        all = out.toString();
        at = all.startsWith("\ufeff") ? 1 : 0;
        type = START_DOCUMENT;
        open.clear();
        spaces.clear();
        closing = false;
    }

    @Override public void setInput(InputStream in, String encoding) throws XmlPullParserException {
        try {
            setInput(new InputStreamReader(in, encoding == null ? "UTF-8" : encoding));
        } catch (IOException e) {
            throw new XmlPullParserException(e.getMessage(), this, e);
        }
    }

    private XmlPullParserException bad(String what) { return new XmlPullParserException(what + " (position:" + getPositionDescription() + ")", this, null); }

    private int upTo(String mark) throws XmlPullParserException {
        int end = all.indexOf(mark, at);
        if (end < 0) throw bad("expected " + mark);
        return end;
    }

    private String plain(String raw) throws XmlPullParserException {
        int amp = raw.indexOf('&');
        if (amp < 0) return raw;
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (; amp >= 0; amp = raw.indexOf('&', from)) {
            int end = raw.indexOf(';', amp);
            if (end < 0) throw bad("unterminated entity ref");
            String one = raw.substring(amp + 1, end);
            out.append(raw, from, amp);
            if (one.startsWith("#x")) out.appendCodePoint(Integer.parseInt(one.substring(2), 16));
            else if (one.startsWith("#")) out.appendCodePoint(Integer.parseInt(one.substring(1)));
            else if (ENTITIES.containsKey(one)) out.append(ENTITIES.get(one));
            else throw bad("unresolved: &" + one + ";");
            from = end + 1;
        }
        return out.append(raw.substring(from)).toString();
    }

    @Override public int next() throws XmlPullParserException, IOException {
        text = null;
        if (type == END_TAG) {
            open.remove(open.size() - 1);
            spaces.remove(spaces.size() - 1);
        }
        attributes.clear();
        if (closing) {
            closing = false;
            return type = END_TAG;
        }
        StringBuilder read = new StringBuilder();
        while (at < all.length()) {
            if (all.charAt(at) != '<') {
                int end = all.indexOf('<', at);
                if (end < 0) end = all.length();
                if (!open.isEmpty()) read.append(plain(all.substring(at, end).replace("\r\n", "\n")));
                else if (!all.substring(at, end).trim().isEmpty()) throw bad("Unexpected token");
                at = end;
            } else if (all.startsWith("<![CDATA[", at)) {
                at += 9;
                int end = upTo("]]>");
                read.append(all, at, end);
                at = end + 3;
            } else if (all.startsWith("<!--", at)) {
                at = upTo("-->") + 3;
            } else if (all.startsWith("<?", at)) {
                at = upTo("?>") + 2;
            } else if (all.startsWith("<!", at)) {
                at = upTo(">") + 1;
            } else if (read.length() > 0) {
                break;
            } else {
                return tag();
            }
        }
        if (read.length() > 0) {
            text = read.toString();
            return type = TEXT;
        }
        if (!open.isEmpty()) throw bad("Unexpected EOF");
        return type = END_DOCUMENT;
    }

    private int tag() throws XmlPullParserException {
        if (all.startsWith("</", at)) {
            int end = upTo(">");
            String closed = all.substring(at + 2, end).trim();
            at = end + 1;
            if (open.isEmpty() || !open.get(open.size() - 1).equals(closed)) throw bad("unexpected end tag </" + closed + ">");
            name = closed;
            return type = END_TAG;
        }
        at++;
        name = word();
        open.add(name);
        Map<String, String> own = new HashMap<>(spaces.isEmpty() ? Map.of() : spaces.get(spaces.size() - 1));
        spaces.add(own);
        for (;;) {
            while (at < all.length() && Character.isWhitespace(all.charAt(at))) at++;
            if (all.startsWith("/>", at) || all.startsWith(">", at)) break;
            String key = word();
            at = upTo("=") + 1;
            while (at < all.length() && Character.isWhitespace(all.charAt(at))) at++;
            if (at >= all.length()) throw bad("Unexpected EOF");
            String quote = all.substring(at, ++at);
            int end = upTo(quote);
            String value = plain(all.substring(at, end));
            at = end + 1;
            if (key.equals("xmlns") || key.startsWith("xmlns:")) own.put(key.substring(Math.min(key.length(), 6)), value);
            else attributes.add(new String[] {key, value});
        }
        empty = all.charAt(at) == '/';
        closing = empty;
        at += empty ? 2 : 1;
        return type = START_TAG;
    }

    private String word() throws XmlPullParserException {
        int from = at;
        while (at < all.length() && " \t\r\n=/>".indexOf(all.charAt(at)) < 0) at++;
        if (at == from) throw bad("name expected");
        return all.substring(from, at);
    }

    private static String local(String full) { return full.substring(full.indexOf(':') + 1); }
    private static String prefix(String full) { return full.contains(":") ? full.substring(0, full.indexOf(':')) : null; }
    @Override public int nextToken() throws XmlPullParserException, IOException { return next(); }
    @Override public int nextTag() throws XmlPullParserException, IOException {
        next();
        if (type == TEXT && isWhitespace()) next();
        if (type != START_TAG && type != END_TAG) throw bad("expected start or end tag");
        return type;
    }
    @Override public String nextText() throws XmlPullParserException, IOException {
        if (type != START_TAG) throw bad("parser must be on START_TAG to read next text");
        next();
        String found = "";
        if (type == TEXT) {
            found = text;
            next();
        }
        if (type != END_TAG) throw bad("event TEXT it must be immediately followed by END_TAG");
        return found;
    }
    @Override public void require(int wanted, String namespace, String wantedName) throws XmlPullParserException {
        boolean named = wantedName == null || wantedName.equals(getName());
        if (wanted != type || !named || namespace != null && !namespace.equals(getNamespace())) throw bad("expected: " + TYPES[wanted] + " {" + namespace + "}" + wantedName);
    }
    @Override public int getEventType() { return type; }
    @Override public int getDepth() { return open.size(); }
    @Override public String getName() { return type == START_TAG || type == END_TAG ? local(name) : null; }
    @Override public String getPrefix() { return type == START_TAG || type == END_TAG ? prefix(name) : null; }
    @Override public String getNamespace() { return type == START_TAG || type == END_TAG ? space(prefix(name)) : null; }
    private String space(String prefix) {
        String found = getNamespace(prefix == null ? "" : prefix);
        return found == null ? "" : found;
    }
    @Override public String getNamespace(String prefix) { return spaces.isEmpty() ? null : spaces.get(spaces.size() - 1).get(prefix == null ? "" : prefix); }
    @Override public int getNamespaceCount(int depth) { return 0; }
    @Override public String getNamespacePrefix(int pos) { return null; }
    @Override public String getNamespaceUri(int pos) { return null; }
    @Override public String getText() { return text; }
    @Override public char[] getTextCharacters(int[] holder) {
        if (text == null) return null;
        holder[0] = 0;
        holder[1] = text.length();
        return text.toCharArray();
    }
    @Override public boolean isWhitespace() { return text != null && text.trim().isEmpty(); }
    @Override public boolean isEmptyElementTag() { return empty; }
    @Override public int getAttributeCount() { return type == START_TAG ? attributes.size() : -1; }
    @Override public String getAttributeName(int index) { return local(attributes.get(index)[0]); }
    @Override public String getAttributePrefix(int index) { return prefix(attributes.get(index)[0]); }
    @Override public String getAttributeNamespace(int index) { return getAttributePrefix(index) == null ? "" : space(getAttributePrefix(index)); }
    @Override public String getAttributeValue(int index) { return attributes.get(index)[1]; }
    @Override public String getAttributeValue(String namespace, String wanted) {
        for (int i = 0; i < attributes.size(); i++) {
            if (getAttributeName(i).equals(wanted) && (namespace == null || namespace.equals(getAttributeNamespace(i)))) return getAttributeValue(i);
        }
        return null;
    }
    @Override public String getAttributeType(int index) { return "CDATA"; }
    @Override public boolean isAttributeDefault(int index) { return false; }
    @Override public int getLineNumber() { return all.substring(0, at).split("\n", -1).length; }
    @Override public int getColumnNumber() { return at - all.lastIndexOf('\n', Math.max(0, at - 1)); }
    @Override public String getPositionDescription() { return TYPES[type] + "@" + getLineNumber() + ":" + getColumnNumber(); }
    @Override public String getInputEncoding() { return null; }
    @Override public void setFeature(String feature, boolean state) { features.put(feature, state); }
    @Override public boolean getFeature(String feature) { return features.getOrDefault(feature, false); }
    @Override public void setProperty(String property, Object value) {}
    @Override public Object getProperty(String property) { return null; }
    @Override public void defineEntityReplacementText(String entity, String replacement) {}
}
