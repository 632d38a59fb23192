package android.content;

import android.net.Uri;
import android.os.PatternMatcher;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

public class IntentFilter {
    public static final int SYSTEM_HIGH_PRIORITY = 1000;
    public static final int SYSTEM_LOW_PRIORITY = -1000;
    public static final int MATCH_ADJUSTMENT_NORMAL = 0x8000;
    public static final int MATCH_CATEGORY_EMPTY = 0x100000;
    public static final int MATCH_CATEGORY_SCHEME = 0x200000;
    public static final int MATCH_CATEGORY_TYPE = 0x600000;
    public static final int NO_MATCH_TYPE = -1;
    public static final int NO_MATCH_DATA = -2;
    public static final int NO_MATCH_ACTION = -3;
    public static final int NO_MATCH_CATEGORY = -4;
    private final List<String> mActions = new ArrayList<>();
    private final List<String> mCategories = new ArrayList<>();
    private final List<String> mSchemes = new ArrayList<>();
    private final List<String> mTypes = new ArrayList<>();
    private final List<String> mHosts = new ArrayList<>();
    private final List<PatternMatcher> mPaths = new ArrayList<>();
    private int mPriority;

    public static class MalformedMimeTypeException extends android.util.AndroidException {
        public MalformedMimeTypeException() {}
        public MalformedMimeTypeException(String name) { super(name); }
    }

    public IntentFilter() {}
    public IntentFilter(String action) { addAction(action); }
    public IntentFilter(String action, String type) throws MalformedMimeTypeException {
        addAction(action);
        addDataType(type);
    }
    public IntentFilter(IntentFilter o) {
        mActions.addAll(o.mActions);
        mCategories.addAll(o.mCategories);
        mSchemes.addAll(o.mSchemes);
        mTypes.addAll(o.mTypes);
        mHosts.addAll(o.mHosts);
        mPaths.addAll(o.mPaths);
        mPriority = o.mPriority;
    }

    public static IntentFilter create(String action, String type) {
        try {
            return new IntentFilter(action, type);
        } catch (MalformedMimeTypeException e) {
            throw new RuntimeException("Bad MIME type", e);
        }
    }

    public final void addAction(String action) { if (!mActions.contains(action)) mActions.add(action); }
    public final boolean hasAction(String action) { return action != null && mActions.contains(action); }
    public final boolean matchAction(String action) { return hasAction(action); }
    public final int countActions() { return mActions.size(); }
    public final String getAction(int index) { return mActions.get(index); }
    public final Iterator<String> actionsIterator() { return mActions.iterator(); }
    public final void addCategory(String c) { if (!mCategories.contains(c)) mCategories.add(c); }
    public final boolean hasCategory(String c) { return mCategories.contains(c); }
    public final int countCategories() { return mCategories.size(); }
    public final String getCategory(int index) { return mCategories.get(index); }
    public final Iterator<String> categoriesIterator() { return mCategories.iterator(); }
    /** The first that is lacking, or null. */
    public final String matchCategories(Set<String> categories) {
        if (categories != null) for (String one : categories) if (!hasCategory(one)) return one;
        return null;
    }
    public final void addDataScheme(String s) { if (!mSchemes.contains(s)) mSchemes.add(s); }
    public final boolean hasDataScheme(String s) { return mSchemes.contains(s); }
    public final int countDataSchemes() { return mSchemes.size(); }
    public final String getDataScheme(int index) { return mSchemes.get(index); }
    public final Iterator<String> schemesIterator() { return mSchemes.iterator(); }
    public final void addDataType(String type) throws MalformedMimeTypeException {
        if (!type.contains("/")) throw new MalformedMimeTypeException(type);
        if (!mTypes.contains(type)) mTypes.add(type);
    }
    public final boolean hasDataType(String type) {
        for (String one : mTypes) if (one.equals(type) || one.equals("*/*") || one.endsWith("/*") && type.startsWith(one.substring(0, one.length() - 1))) return true;
        return false;
    }
    public final int countDataTypes() { return mTypes.size(); }
    public final String getDataType(int index) { return mTypes.get(index); }
    public final void addDataAuthority(String host, String port) { mHosts.add(host); }
    public final int countDataAuthorities() { return mHosts.size(); }
    public final void addDataPath(String path, int type) { mPaths.add(new PatternMatcher(path, type)); }
    public final int countDataPaths() { return mPaths.size(); }
    public final void addDataSchemeSpecificPart(String ssp, int type) {}
    public final void setPriority(int p) { mPriority = p; }
    public final int getPriority() { return mPriority; }

    public final int matchData(String type, String scheme, Uri data) {
        if (mTypes.isEmpty() && mSchemes.isEmpty()) return type == null && data == null ? MATCH_CATEGORY_EMPTY + MATCH_ADJUSTMENT_NORMAL : NO_MATCH_DATA;
        if (!mSchemes.isEmpty() && !mSchemes.contains(scheme == null ? "" : scheme)) return NO_MATCH_DATA;
        if (!mHosts.isEmpty() && (data == null || !mHosts.contains(data.getHost()) && !mHosts.contains("*"))) return NO_MATCH_DATA;
        if (!mPaths.isEmpty() && (data == null || mPaths.stream().noneMatch(one -> one.match(data.getPath())))) return NO_MATCH_DATA;
        if (!mTypes.isEmpty()) return type != null && hasDataType(type) ? MATCH_CATEGORY_TYPE + MATCH_ADJUSTMENT_NORMAL : NO_MATCH_TYPE;
        return type != null ? NO_MATCH_TYPE : MATCH_CATEGORY_SCHEME + MATCH_ADJUSTMENT_NORMAL;
    }

    public final int match(ContentResolver resolver, Intent intent, boolean resolve, String tag) {
        return match(intent.getAction(), resolve ? intent.resolveType(resolver) : intent.getType(), intent.getScheme(), intent.getData(), intent.getCategories(), tag);
    }

    public final int match(String action, String type, String scheme, Uri data, Set<String> categories, String tag) {
        if (action != null && !hasAction(action)) return NO_MATCH_ACTION;
        int match = matchData(type, scheme, data);
        if (match < 0) return match;
        return matchCategories(categories) != null ? NO_MATCH_CATEGORY : match;
    }
}
