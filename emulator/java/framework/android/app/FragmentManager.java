package android.app;

import android.os.Handler;
import android.os.Looper;
import android.view.View;
import android.view.ViewGroup;
import java.util.ArrayList;
import java.util.List;

/** Of an activity, or of a fragment's children. */
public class FragmentManager {
    public static final int POP_BACK_STACK_INCLUSIVE = 1;
    static final int NONE = -1;
    static final int CREATED = 1;
    static final int ACTIVITY_CREATED = 2;
    static final int STARTED = 4;
    static final int RESUMED = 5;
    private Activity mActivity;
    private final Fragment mParent;
    private int mState = NONE;
    private final List<Fragment> mAdded = new ArrayList<>();
    private final List<FragmentTransaction> mStack = new ArrayList<>();
    private final List<FragmentTransaction> mPending = new ArrayList<>();
    private final List<OnBackStackChangedListener> mStackListeners = new ArrayList<>();
    private final List<FragmentLifecycleCallbacks> mCallbacks = new ArrayList<>();
    private final Handler mHandler = new Handler(Looper.getMainLooper());
    private boolean mDestroyed;

    public interface BackStackEntry {
        int getId();

        String getName();
    }

    public interface OnBackStackChangedListener { void onBackStackChanged(); }

    public abstract static class FragmentLifecycleCallbacks {
        public void onFragmentAttached(FragmentManager fm, Fragment f, android.content.Context context) {}
        public void onFragmentCreated(FragmentManager fm, Fragment f, android.os.Bundle savedInstanceState) {}
        public void onFragmentViewCreated(FragmentManager fm, Fragment f, View v, android.os.Bundle savedInstanceState) {}
        public void onFragmentStarted(FragmentManager fm, Fragment f) {}
        public void onFragmentResumed(FragmentManager fm, Fragment f) {}
        public void onFragmentPaused(FragmentManager fm, Fragment f) {}
        public void onFragmentStopped(FragmentManager fm, Fragment f) {}
        public void onFragmentDestroyed(FragmentManager fm, Fragment f) {}
    }

    FragmentManager(Activity activity) {
        mActivity = activity;
        mParent = null;
    }
    FragmentManager(Fragment parent) {
        mActivity = parent.mActivity;
        mParent = parent;
        mState = parent.mState;
    }

    public FragmentTransaction beginTransaction() { return new FragmentTransaction(this); }
    public List<Fragment> getFragments() { return new ArrayList<>(mAdded); }
    public Fragment findFragmentById(int id) { return last(f -> f.mContainerId == id); }
    public Fragment findFragmentByTag(String tag) { return last(f -> tag != null && tag.equals(f.mTag)); }
    private Fragment last(java.util.function.Predicate<Fragment> wanted) {
        for (int i = mAdded.size() - 1; i >= 0; i--) if (wanted.test(mAdded.get(i))) return mAdded.get(i);
        return null;
    }
    public boolean isDestroyed() { return mDestroyed; }
    public boolean isStateSaved() { return false; }
    public void invalidateOptionsMenu() { if (mActivity != null) mActivity.invalidateOptionsMenu(); }
    public void registerFragmentLifecycleCallbacks(FragmentLifecycleCallbacks cb, boolean recursive) { mCallbacks.add(cb); }
    public void unregisterFragmentLifecycleCallbacks(FragmentLifecycleCallbacks cb) { mCallbacks.remove(cb); }
    public void addOnBackStackChangedListener(OnBackStackChangedListener l) { mStackListeners.add(l); }
    public void removeOnBackStackChangedListener(OnBackStackChangedListener l) { mStackListeners.remove(l); }
    public int getBackStackEntryCount() { return mStack.size(); }
    public BackStackEntry getBackStackEntryAt(int index) { return mStack.get(index); }

    // transactions

    void enqueue(FragmentTransaction transaction) {
        if (mDestroyed) throw new IllegalStateException("Activity has been destroyed");
        mPending.add(transaction);
        mHandler.post(this::executePendingTransactions);
    }
    public boolean executePendingTransactions() {
        List<FragmentTransaction> now = new ArrayList<>(mPending);
        mPending.clear();
        if (!mDestroyed) for (FragmentTransaction one : now) run(one);
        return !now.isEmpty();
    }
    void run(FragmentTransaction transaction) {
        transaction.forward();
        if (!transaction.mToStack) return;
        mStack.add(transaction);
        stackChanged();
    }
    private void stackChanged() { for (OnBackStackChangedListener l : new ArrayList<>(mStackListeners)) l.onBackStackChanged(); }
    public void popBackStack() { mHandler.post(this::popBackStackImmediate); }
    public void popBackStack(String name, int flags) { mHandler.post(() -> popBackStackImmediate(name, flags)); }
    public void popBackStack(int id, int flags) { mHandler.post(() -> popTo(id, flags)); }
    public boolean popBackStackImmediate() {
        executePendingTransactions();
        return !mStack.isEmpty() && popTo(mStack.size() - 1, POP_BACK_STACK_INCLUSIVE);
    }
    public boolean popBackStackImmediate(int id, int flags) { return popTo(id, flags); }
    public boolean popBackStackImmediate(String name, int flags) {
        executePendingTransactions();
        if (name == null) return popTo(mStack.size() - 1, POP_BACK_STACK_INCLUSIVE);
        int at = mStack.size() - 1;
        while (at >= 0 && !name.equals(mStack.get(at).getName())) at--;
        return popTo(at, flags);
    }
    private boolean popTo(int index, int flags) {
        int keep = (flags & POP_BACK_STACK_INCLUSIVE) != 0 ? index : index + 1;
        if (index < 0 || keep >= mStack.size()) return false;
        while (mStack.size() > keep) mStack.remove(mStack.size() - 1).back();
        stackChanged();
        return true;
    }
    int stackIndex(FragmentTransaction one) { return mStack.indexOf(one); }

    // what a transaction does

    void add(Fragment f) {
        if (f.mAdded) throw new IllegalStateException("Fragment already added: " + f);
        f.mAdded = true;
        f.mManager = this;
        f.mParent = mParent;
        mAdded.add(f);
        move(f, mState);
    }
    void remove(Fragment f, boolean keptOnStack) {
        f.mAdded = false;
        mAdded.remove(f);
        move(f, keptOnStack ? Math.min(CREATED, f.mState) : NONE);
    }
    void hide(Fragment f, boolean hidden) {
        if (f.mHidden == hidden) return;
        f.mHidden = hidden;
        if (f.mView != null) f.mView.setVisibility(hidden ? View.GONE : View.VISIBLE);
        f.onHiddenChanged(hidden);
    }
    void detach(Fragment f, boolean detached) {
        f.mDetached = detached;
        f.mAdded = !detached;
        mAdded.remove(f);
        if (!detached) mAdded.add(f);
        move(f, detached ? Math.min(CREATED, f.mState) : mState);
    }

    // states

    void dispatch(int state) {
        mState = state;
        if (mActivity == null && mParent != null) mActivity = mParent.mActivity;
        if (state >= CREATED) executePendingTransactions();
        for (Fragment f : new ArrayList<>(mAdded)) move(f, state);
        if (state == NONE) mDestroyed = true;
    }
    private void move(Fragment f, int to) {
        if (f.mState < CREATED && to >= CREATED) {
            f.mActivity = mActivity;
            f.mState = CREATED;
            f.onAttach((android.content.Context) mActivity);
            for (FragmentLifecycleCallbacks c : mCallbacks) c.onFragmentAttached(this, f, mActivity);
            f.onCreate(null);
            for (FragmentLifecycleCallbacks c : mCallbacks) c.onFragmentCreated(this, f, null);
            children(f);
        }
        if (f.mState < ACTIVITY_CREATED && to >= ACTIVITY_CREATED) {
            f.mState = ACTIVITY_CREATED;
            show(f);
            f.onActivityCreated(null);
            children(f);
        }
        if (f.mState < STARTED && to >= STARTED) {
            f.mState = STARTED;
            f.onStart();
            for (FragmentLifecycleCallbacks c : mCallbacks) c.onFragmentStarted(this, f);
            children(f);
        }
        if (f.mState < RESUMED && to >= RESUMED) {
            f.mState = RESUMED;
            f.onResume();
            for (FragmentLifecycleCallbacks c : mCallbacks) c.onFragmentResumed(this, f);
            children(f);
        }
        if (f.mState >= RESUMED && to < RESUMED) {
            f.mState = STARTED;
            children(f);
            f.onPause();
            for (FragmentLifecycleCallbacks c : mCallbacks) c.onFragmentPaused(this, f);
        }
        if (f.mState >= STARTED && to < STARTED) {
            f.mState = ACTIVITY_CREATED;
            children(f);
            f.onStop();
            for (FragmentLifecycleCallbacks c : mCallbacks) c.onFragmentStopped(this, f);
        }
        if (f.mState >= ACTIVITY_CREATED && to < ACTIVITY_CREATED) {
            f.mState = CREATED;
            children(f);
            f.onDestroyView();
            if (f.mView != null && f.mView.getParent() instanceof ViewGroup) ((ViewGroup) f.mView.getParent()).removeView(f.mView);
            f.mView = null;
        }
        if (f.mState >= CREATED && to < CREATED) {
            f.mState = NONE;
            children(f);
            f.onDestroy();
            for (FragmentLifecycleCallbacks c : mCallbacks) c.onFragmentDestroyed(this, f);
            f.onDetach();
            f.mActivity = null;
            f.mManager = null;
        }
    }
    private static void children(Fragment f) { if (f.children() != null) f.children().dispatch(f.mState); }
    private void show(Fragment f) {
        View at = f.mContainerId == 0 ? null : mParent != null && mParent.mView != null ? mParent.mView.findViewById(f.mContainerId) : mActivity.findViewById(f.mContainerId);
        if (f.mContainerId != 0 && !(at instanceof ViewGroup)) {
            throw new IllegalArgumentException("No view found for id 0x" + Integer.toHexString(f.mContainerId) + " for fragment " + f);
        }
        f.mView = f.onCreateView(f.onGetLayoutInflater(null), (ViewGroup) at, null);
        if (f.mView == null) return;
        if (at != null) ((ViewGroup) at).addView(f.mView);
        if (f.mHidden) f.mView.setVisibility(View.GONE);
        f.onViewCreated(f.mView, null);
        for (FragmentLifecycleCallbacks c : mCallbacks) c.onFragmentViewCreated(this, f, f.mView, null);
    }
}
