package android.app;

import java.util.ArrayList;
import java.util.List;

/** Steps with what takes them back. */
public class FragmentTransaction implements FragmentManager.BackStackEntry {
    public static final int TRANSIT_NONE = 0;
    public static final int TRANSIT_FRAGMENT_OPEN = 4097;
    public static final int TRANSIT_FRAGMENT_CLOSE = 8194;
    public static final int TRANSIT_FRAGMENT_FADE = 4099;
    private final FragmentManager mManager;
    private final List<Runnable> mForward = new ArrayList<>();
    private final List<Runnable> mBack = new ArrayList<>();
    private final List<Runnable> mAfter = new ArrayList<>();
    private String mName;
    private boolean mCommitted;
    boolean mToStack;

    FragmentTransaction(FragmentManager manager) { mManager = manager; }

    private FragmentTransaction step(Runnable forward, Runnable back) {
        mForward.add(forward);
        mBack.add(0, back);
        return this;
    }
    private void place(Fragment f, int containerId, String tag) {
        if (containerId != 0) f.mContainerId = containerId;
        if (tag != null) f.mTag = tag;
    }
    private void drop(Fragment f) { mManager.remove(f, mToStack); }
    public FragmentTransaction add(Fragment fragment, String tag) { return add(0, fragment, tag); }
    public FragmentTransaction add(int containerViewId, Fragment fragment) { return add(containerViewId, fragment, null); }
    public FragmentTransaction add(int containerViewId, Fragment fragment, String tag) {
        place(fragment, containerViewId, tag);
        return step(() -> mManager.add(fragment), () -> mManager.remove(fragment, false));
    }
    public FragmentTransaction replace(int containerViewId, Fragment fragment) { return replace(containerViewId, fragment, null); }
    public FragmentTransaction replace(int containerViewId, Fragment fragment, String tag) {
        if (containerViewId == 0) throw new IllegalArgumentException("Must use non-zero containerViewId");
        place(fragment, containerViewId, tag);
        List<Fragment> gone = new ArrayList<>();
        return step(() -> {
            gone.clear();
            for (Fragment one : mManager.getFragments()) if (one.mContainerId == containerViewId && one != fragment) gone.add(one);
            gone.forEach(this::drop);
            if (!fragment.mAdded) mManager.add(fragment);
        }, () -> {
            mManager.remove(fragment, false);
            gone.forEach(mManager::add);
        });
    }
    public FragmentTransaction remove(Fragment fragment) { return step(() -> drop(fragment), () -> mManager.add(fragment)); }
    public FragmentTransaction hide(Fragment fragment) { return step(() -> mManager.hide(fragment, true), () -> mManager.hide(fragment, false)); }
    public FragmentTransaction show(Fragment fragment) { return step(() -> mManager.hide(fragment, false), () -> mManager.hide(fragment, true)); }
    public FragmentTransaction detach(Fragment fragment) { return step(() -> mManager.detach(fragment, true), () -> mManager.detach(fragment, false)); }
    public FragmentTransaction attach(Fragment fragment) { return step(() -> mManager.detach(fragment, false), () -> mManager.detach(fragment, true)); }
    public FragmentTransaction setPrimaryNavigationFragment(Fragment fragment) { return this; }
    public boolean isEmpty() { return mForward.isEmpty(); }
    public FragmentTransaction addToBackStack(String name) {
        mToStack = true;
        mName = name;
        return this;
    }
    public boolean isAddToBackStackAllowed() { return true; }
    public FragmentTransaction setTransition(int transit) { return this; }
    public FragmentTransaction setTransitionStyle(int styleRes) { return this; }
    public FragmentTransaction setCustomAnimations(int enter, int exit) { return this; }
    public FragmentTransaction setCustomAnimations(int enter, int exit, int popEnter, int popExit) { return this; }
    public FragmentTransaction setReorderingAllowed(boolean reorderingAllowed) { return this; }
    public FragmentTransaction runOnCommit(Runnable runnable) {
        mAfter.add(runnable);
        return this;
    }

    void forward() {
        mForward.forEach(Runnable::run);
        mAfter.forEach(Runnable::run);
        mAfter.clear();
    }
    void back() { mBack.forEach(Runnable::run); }
    private void once() {
        if (mCommitted) throw new IllegalStateException("commit already called");
        mCommitted = true;
    }
    public int commit() {
        once();
        mManager.enqueue(this);
        return mToStack ? mManager.getBackStackEntryCount() : -1;
    }
    public int commitAllowingStateLoss() { return commit(); }
    public void commitNow() {
        if (mToStack) throw new IllegalStateException("This transaction is already being added to the back stack");
        once();
        mManager.run(this);
    }
    public void commitNowAllowingStateLoss() { commitNow(); }
    @Override public int getId() { return mManager.stackIndex(this); }
    @Override public String getName() { return mName; }
}
