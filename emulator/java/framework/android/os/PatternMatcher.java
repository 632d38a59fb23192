package android.os;

public class PatternMatcher {
    public static final int PATTERN_LITERAL = 0;
    public static final int PATTERN_PREFIX = 1;
    public static final int PATTERN_SIMPLE_GLOB = 2;
    public static final int PATTERN_ADVANCED_GLOB = 3;
    public static final int PATTERN_SUFFIX = 4;
    private final String pattern;
    private final int type;

    public PatternMatcher(String pattern, int type) {
        this.pattern = pattern;
        this.type = type;
    }

    public final String getPath() { return pattern; }
    public final int getType() { return type; }
    public boolean match(String str) {
        if (str == null) return false;
        if (type == PATTERN_LITERAL) return str.equals(pattern);
        if (type == PATTERN_PREFIX) return str.startsWith(pattern);
        if (type == PATTERN_SUFFIX) return str.endsWith(pattern);
        return str.matches(pattern);
    }
}
