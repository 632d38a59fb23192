package android.app;

import android.content.ComponentCallbacks2;
import android.content.Context;
import android.content.Intent;
import android.content.res.Configuration;
import android.content.res.Resources;
import android.os.Bundle;
import android.view.ContextMenu;
import android.view.LayoutInflater;
import android.view.Menu;
import android.view.MenuInflater;
import android.view.MenuItem;
import android.view.View;
import android.view.ViewGroup;

public class Fragment implements ComponentCallbacks2, View.OnCreateContextMenuListener {
    Activity mActivity;
    FragmentManager mManager;
    private FragmentManager mChildren;
    Fragment mParent;
    View mView;
    String mTag;
    int mContainerId;
    int mState = FragmentManager.NONE;
    boolean mAdded;
    boolean mHidden;
    boolean mDetached;
    private boolean mMenu;
    private Bundle mArguments;
    private Fragment mTarget;
    private int mTargetCode;

    public Fragment() {}

    public static Fragment instantiate(Context context, String fname) { return instantiate(context, fname, null); }
    public static Fragment instantiate(Context context, String fname, Bundle args) {
        try {
            Fragment made = standin.Make.one(context.getClassLoader(), fname, Fragment.class);
            if (args != null) made.setArguments(args);
            return made;
        } catch (ReflectiveOperationException e) {
            throw new RuntimeException("Unable to instantiate fragment " + fname + ": make sure class name exists, is public, and has an empty constructor that is public", e);
        }
    }

    // life cycle

    public void onAttach(Context context) { onAttach(mActivity); }
    public void onAttach(Activity activity) {}
    public void onCreate(Bundle savedInstanceState) {}
    public View onCreateView(LayoutInflater inflater, ViewGroup container, Bundle savedInstanceState) { return null; }
    public void onViewCreated(View view, Bundle savedInstanceState) {}
    public void onActivityCreated(Bundle savedInstanceState) {}
    public void onStart() {}
    public void onResume() {}
    public void onPause() {}
    public void onStop() {}
    public void onDestroyView() {}
    public void onDestroy() {}
    public void onDetach() {}
    public void onSaveInstanceState(Bundle outState) {}
    public void onHiddenChanged(boolean hidden) {}
    public void onActivityResult(int requestCode, int resultCode, Intent data) {}
    public void onRequestPermissionsResult(int requestCode, String[] permissions, int[] grantResults) {}
    @Override public void onConfigurationChanged(Configuration newConfig) {}
    @Override public void onLowMemory() {}
    @Override public void onTrimMemory(int level) {}
    public LayoutInflater onGetLayoutInflater(Bundle savedInstanceState) { return mActivity.getLayoutInflater(); }

    // menus

    public void setHasOptionsMenu(boolean hasMenu) {
        mMenu = hasMenu;
        if (mActivity != null) mActivity.invalidateOptionsMenu();
    }
    boolean hasMenu() { return mMenu && mAdded && !mHidden; }
    public void onCreateOptionsMenu(Menu menu, MenuInflater inflater) {}
    public void onPrepareOptionsMenu(Menu menu) {}
    public boolean onOptionsItemSelected(MenuItem item) { return false; }
    public boolean onContextItemSelected(MenuItem item) { return false; }
    @Override public void onCreateContextMenu(ContextMenu menu, View v, ContextMenu.ContextMenuInfo menuInfo) {}
    public void registerForContextMenu(View view) { view.setOnCreateContextMenuListener(this); }

    // who and where

    public void setArguments(Bundle args) { mArguments = args; }
    public Bundle getArguments() { return mArguments; }
    public final Activity getActivity() { return mActivity; }
    public Context getContext() { return mActivity; }
    public final FragmentManager getFragmentManager() { return mManager; }
    public final FragmentManager getChildFragmentManager() {
        if (mChildren == null) mChildren = new FragmentManager(this);
        return mChildren;
    }
    FragmentManager children() { return mChildren; }
    public final Fragment getParentFragment() { return mParent; }
    public final int getId() { return mContainerId; }
    public final String getTag() { return mTag; }
    public View getView() { return mView; }
    public final boolean isAdded() { return mActivity != null && mAdded; }
    public final boolean isDetached() { return mDetached; }
    public final boolean isRemoving() { return !mAdded && mState != FragmentManager.NONE; }
    public final boolean isHidden() { return mHidden; }
    public final boolean isResumed() { return mState == FragmentManager.RESUMED; }
    public final boolean isVisible() { return isAdded() && !mHidden && mView != null && mView.isAttachedToWindow() && mView.getVisibility() == View.VISIBLE; }
    public void setTargetFragment(Fragment fragment, int requestCode) {
        mTarget = fragment;
        mTargetCode = requestCode;
    }
    public final Fragment getTargetFragment() { return mTarget; }
    public final int getTargetRequestCode() { return mTargetCode; }
    private Activity attached() {
        if (mActivity == null) throw new IllegalStateException("Fragment " + this + " not attached to Activity");
        return mActivity;
    }
    public final Resources getResources() { return attached().getResources(); }
    public final CharSequence getText(int resId) { return getResources().getText(resId); }
    public final String getString(int resId) { return getResources().getString(resId); }
    public final String getString(int resId, Object... formatArgs) { return getResources().getString(resId, formatArgs); }
    public final LayoutInflater getLayoutInflater() { return attached().getLayoutInflater(); }
    public void startActivity(Intent intent) { attached().startActivity(intent); }
    public void startActivityForResult(Intent intent, int requestCode) { attached().standinStart(this, intent, requestCode); }
    public final void requestPermissions(String[] permissions, int requestCode) { attached().standinAsk(this, permissions, requestCode); }
    public boolean shouldShowRequestPermissionRationale(String permission) { return attached().shouldShowRequestPermissionRationale(permission); }
    private LoaderManager mLoaders;
    private boolean mRetain;
    private boolean mHint = true;

    public LoaderManager getLoaderManager() {
        if (mLoaders == null) mLoaders = new LoaderManager();
        return mLoaders;
    }
    public void setRetainInstance(boolean retain) { mRetain = retain; }
    public final boolean getRetainInstance() { return mRetain; }
    public void setUserVisibleHint(boolean visible) { mHint = visible; }
    public boolean getUserVisibleHint() { return mHint; }
    public final Object getHost() { return getActivity(); }
    public final boolean isStateSaved() { return false; }
    public void onAttachFragment(Fragment child) {}
    public void onDestroyOptionsMenu() {}
    public void onOptionsMenuClosed(Menu menu) {}
    public void onInflate(Context context, android.util.AttributeSet attrs, Bundle state) {}
    public void onMultiWindowModeChanged(boolean on) {}
    public void onPictureInPictureModeChanged(boolean on) {}
    public android.animation.Animator onCreateAnimator(int transit, boolean enter, int nextAnim) { return null; }
    public void unregisterForContextMenu(View view) { view.setOnCreateContextMenuListener(null); }
    public void postponeEnterTransition() {}
    public void startPostponedEnterTransition() {}
}
