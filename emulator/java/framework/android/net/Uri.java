package android.net;

import android.os.Parcel;
import android.os.Parcelable;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An immutable URI; parsing never fails, as on Android. */
public class Uri implements Parcelable, Comparable<Uri> {
    public static final Uri EMPTY = new Uri("");
    public static final Parcelable.Creator<Uri> CREATOR = new Parcelable.Creator<Uri>() {
        @Override public Uri createFromParcel(Parcel in) { String s = in.readString(); return s == null ? null : parse(s); }
        @Override public Uri[] newArray(int size) { return new Uri[size]; }
    };
    private final String text;
    private static final String NONE = new String("none");
    /** As written, once somebody has asked for it; Android parses it once, too. */
    private String authority;

    private Uri(String text) {
        this.text = text;
    }

    public static Uri parse(String uriString) {
        return new Uri(java.util.Objects.requireNonNull(uriString, "uriString"));
    }

    public static Uri fromFile(java.io.File file) { return new Uri("file://" + encode(file.getAbsolutePath(), "/")); }
    public static Uri fromParts(String scheme, String ssp, String fragment) {
        return new Uri(scheme + ":" + encode(ssp) + (fragment == null ? "" : "#" + encode(fragment)));
    }

    public static Uri withAppendedPath(Uri baseUri, String pathSegment) {
        return baseUri.buildUpon().appendEncodedPath(pathSegment).build();
    }

    public String getScheme() {
        int colon = text.indexOf(':');
        int slash = text.indexOf('/');
        return colon < 0 || slash >= 0 && slash < colon ? null : text.substring(0, colon);
    }

    private String noFragment() {
        int hash = text.indexOf('#');
        return hash < 0 ? text : text.substring(0, hash);
    }

    public String getEncodedSchemeSpecificPart() {
        String scheme = getScheme();
        return scheme == null ? noFragment() : noFragment().substring(scheme.length() + 1);
    }

    public String getSchemeSpecificPart() { return decode(getEncodedSchemeSpecificPart()); }
    public boolean isHierarchical() { return getScheme() == null || getEncodedSchemeSpecificPart().startsWith("/"); }
    public boolean isOpaque() { return !isHierarchical(); }
    public boolean isAbsolute() { return getScheme() != null; }
    public boolean isRelative() { return getScheme() == null; }

    public String getEncodedAuthority() {
        String known = authority;
        if (known == null) authority = known = parsedAuthority();
        return known == NONE ? null : known;
    }

    private String parsedAuthority() {
        String part = getEncodedSchemeSpecificPart();
        if (!part.startsWith("//")) return NONE;
        int slash = part.indexOf('/', 2), question = part.indexOf('?', 2);
        int end = slash < 0 ? part.length() : slash;
        return part.substring(2, question < 0 ? end : Math.min(end, question));
    }

    public String getAuthority() { return decode(getEncodedAuthority()); }

    public String getUserInfo() {
        String a = getEncodedAuthority();
        int at = a == null ? -1 : a.lastIndexOf('@');
        return at < 0 ? null : decode(a.substring(0, at));
    }

    public String getHost() {
        String a = getEncodedAuthority();
        if (a == null) return null;
        a = a.substring(a.lastIndexOf('@') + 1);
        int colon = a.lastIndexOf(':');
        return decode(colon < 0 || a.endsWith("]") ? a : a.substring(0, colon));
    }

    public int getPort() {
        String a = getEncodedAuthority();
        int colon = a == null || a.endsWith("]") ? -1 : a.lastIndexOf(':');
        try {
            return colon < 0 ? -1 : Integer.parseInt(a.substring(colon + 1));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    public String getEncodedPath() {
        if (isOpaque()) return null;
        String part = getEncodedSchemeSpecificPart();
        int question = part.indexOf('?');
        if (question >= 0) part = part.substring(0, question);
        String authority = getEncodedAuthority();
        return authority == null ? part : part.substring(2 + authority.length());
    }

    public String getPath() { return decode(getEncodedPath()); }

    public String getEncodedQuery() {
        String part = noFragment();
        int question = part.indexOf('?');
        return isOpaque() || question < 0 ? null : part.substring(question + 1);
    }

    public String getQuery() { return decode(getEncodedQuery()); }

    public String getEncodedFragment() {
        int hash = text.indexOf('#');
        return hash < 0 ? null : text.substring(hash + 1);
    }

    public String getFragment() { return decode(getEncodedFragment()); }

    public List<String> getPathSegments() {
        List<String> out = new ArrayList<>();
        String path = getEncodedPath();
        if (path != null) for (String s : path.split("/")) if (!s.isEmpty()) out.add(decode(s));
        return out;
    }

    public String getLastPathSegment() {
        List<String> all = getPathSegments();
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    public Set<String> getQueryParameterNames() {
        Set<String> out = new LinkedHashSet<>();
        for (String[] pair : pairs()) out.add(pair[0]);
        return out;
    }

    private List<String[]> pairs() {
        if (isOpaque()) throw new UnsupportedOperationException("This isn't a hierarchical URI.");
        List<String[]> out = new ArrayList<>();
        String query = getEncodedQuery();
        if (query != null) {
            for (String s : query.split("&")) {
                if (s.isEmpty()) continue;
                int eq = s.indexOf('=');
                out.add(new String[] {decode(eq < 0 ? s : s.substring(0, eq)), eq < 0 ? "" : decode(s.substring(eq + 1).replace("+", "%20"))});
            }
        }
        return out;
    }

    public String getQueryParameter(String key) {
        for (String[] pair : pairs()) if (pair[0].equals(key)) return pair[1];
        return null;
    }

    public List<String> getQueryParameters(String key) {
        List<String> out = new ArrayList<>();
        for (String[] pair : pairs()) if (pair[0].equals(key)) out.add(pair[1]);
        return out;
    }

    public boolean getBooleanQueryParameter(String key, boolean otherwise) {
        String v = getQueryParameter(key);
        return v == null ? otherwise : !"false".equalsIgnoreCase(v) && !"0".equals(v);
    }

    public Uri normalizeScheme() { return this; }

    public Builder buildUpon() {
        Builder b = new Builder();
        b.scheme = getScheme();
        if (isOpaque()) {
            b.opaque = getEncodedSchemeSpecificPart();
        } else {
            b.authority = getEncodedAuthority();
            b.path = getEncodedPath();
            b.query = getEncodedQuery();
        }
        b.fragment = getEncodedFragment();
        return b;
    }

    private static String decodeText(String s) {
        if (s.indexOf('%') < 0) return s;
        try {
            return URLDecoder.decode(s.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return s;
        }
    }

    public static String decode(String s) { return s == null ? null : decodeText(s); }
    public static String encode(String s) { return encode(s, null); }

    public static String encode(String s, String allow) {
        if (s == null) return null;
        StringBuilder out = new StringBuilder();
        String keep = "_-!.~'()*" + (allow == null ? "" : allow);
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            i += Character.charCount(c);
            if (c < 128 && (Character.isLetterOrDigit(c) || keep.indexOf(c) >= 0)) out.append((char) c);
            else out.append(URLEncoder.encode(new String(Character.toChars(c)), StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return out.toString();
    }

    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeString(text); }
    @Override public int compareTo(Uri other) { return text.compareTo(other.text); }
    @Override public boolean equals(Object o) { return o instanceof Uri && ((Uri) o).text.equals(text); }
    @Override public int hashCode() { return text.hashCode(); }
    @Override public String toString() { return text; }

    public static final class Builder {
        private String scheme;
        private String opaque;
        private String authority;
        private String path;
        private String query;
        private String fragment;

        public Builder scheme(String v) { scheme = v; return this; }
        public Builder opaquePart(String v) { opaque = encode(v); return this; }
        public Builder authority(String v) { authority = encode(v, "@:[]"); return this; }
        public Builder encodedAuthority(String v) { authority = v; return this; }
        public Builder path(String v) { path = encode(v, "/"); return this; }
        public Builder encodedPath(String v) { path = v; return this; }
        public Builder appendPath(String v) { return appendEncodedPath(encode(v)); }
        public Builder appendEncodedPath(String v) {
            path = (path == null ? "" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path) + "/" + (v.startsWith("/") ? v.substring(1) : v);
            return this;
        }
        public Builder query(String v) { query = encode(v, "=&"); return this; }
        public Builder encodedQuery(String v) { query = v; return this; }
        public Builder fragment(String v) { fragment = encode(v); return this; }
        public Builder appendQueryParameter(String k, String v) {
            query = (query == null || query.isEmpty() ? "" : query + "&") + encode(k) + "=" + encode(v);
            return this;
        }
        public Builder clearQuery() { query = null; return this; }

        public Uri build() {
            StringBuilder out = new StringBuilder();
            if (scheme != null) out.append(scheme).append(':');
            if (opaque != null) {
                out.append(opaque);
            } else {
                if (authority != null) out.append("//").append(authority);
                if (path != null) out.append(authority != null && !path.isEmpty() && !path.startsWith("/") ? "/" : "").append(path);
                if (query != null) out.append('?').append(query);
            }
            if (fragment != null) out.append('#').append(fragment);
            return new Uri(out.toString());
        }

        @Override public String toString() { return build().toString(); }
    }
}
