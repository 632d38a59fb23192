package android.content;

import android.net.Uri;
import java.util.ArrayList;
import java.util.List;

public class UriMatcher {
    public static final int NO_MATCH = -1;
    private final int mRoot;
    private final List<Object[]> mRules = new ArrayList<>();

    public UriMatcher(int code) {
        mRoot = code;
    }

    public void addURI(String authority, String path, int code) {
        mRules.add(new Object[] {authority, path == null || path.isEmpty() ? new String[0] : (path.startsWith("/") ? path.substring(1) : path).split("/"), code});
    }

    public int match(Uri uri) {
        List<String> parts = uri.getPathSegments();
        for (Object[] rule : mRules) {
            String[] want = (String[]) rule[1];
            if (!rule[0].equals(uri.getAuthority()) || want.length != parts.size()) continue;
            boolean ok = true;
            for (int i = 0; i < want.length && ok; i++) {
                String p = parts.get(i);
                ok = want[i].equals("*") || (want[i].equals("#") ? p.matches("\\d+") : want[i].equals(p));
            }
            if (ok) return (Integer) rule[2];
        }
        return mRoot;
    }
}
