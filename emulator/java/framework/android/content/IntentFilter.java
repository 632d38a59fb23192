package android.content;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

public class IntentFilter {
    public static final int SYSTEM_HIGH_PRIORITY = 1000;
    private final List<String> mActions = new ArrayList<>();
    private final List<String> mCategories = new ArrayList<>();
    private final List<String> mSchemes = new ArrayList<>();
    private int mPriority;

    public IntentFilter() {}

    public IntentFilter(String action) { addAction(action); }
    public final void addAction(String action) { if (!mActions.contains(action)) mActions.add(action); }
    public final boolean hasAction(String action) { return action != null && mActions.contains(action); }
    public final int countActions() { return mActions.size(); }
    public final String getAction(int index) { return mActions.get(index); }
    public final Iterator<String> actionsIterator() { return mActions.iterator(); }
    public final void addCategory(String c) { mCategories.add(c); }
    public final boolean hasCategory(String c) { return mCategories.contains(c); }
    public final void addDataScheme(String s) { mSchemes.add(s); }
    public final void setPriority(int p) { mPriority = p; }
    public final int getPriority() { return mPriority; }
}
