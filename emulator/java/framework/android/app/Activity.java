package android.app;

import android.content.ComponentCallbacks2;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.pm.ActivityInfo;
import android.content.pm.PackageManager;
import android.content.res.Configuration;
import android.database.Cursor;
import android.net.Uri;
import android.os.Bundle;
import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import android.view.ContextMenu;
import android.view.KeyEvent;
import android.view.LayoutInflater;
import android.view.Menu;
import android.view.MenuInflater;
import android.view.MenuItem;
import android.view.MotionEvent;
import android.view.View;
import android.view.ViewGroup;
import android.view.Window;
import android.view.WindowManager;
import com.android.internal.policy.PhoneWindow;
import java.util.LinkedHashMap;
import java.util.Map;
import standin.Device;
import standin.Intents;

public class Activity extends android.view.ContextThemeWrapper implements ComponentCallbacks2, Window.Callback, View.OnCreateContextMenuListener {
    public static final int RESULT_CANCELED = 0;
    public static final int RESULT_OK = -1;
    public static final int RESULT_FIRST_USER = 1;
    static final String REQUEST_PERMISSIONS_WHO_PREFIX = "@android:requestPermissions:";

    private ActivityThread mMainThread;
    private Instrumentation mInstrumentation;
    private IBinder mToken;
    private Application mApplication;
    private Intent mIntent;
    private ComponentName mComponent;
    private Window mWindow;
    private CharSequence mTitle;
    private standin.Menus mOptions;
    private boolean mResumed;
    private boolean mDestroyed;
    private boolean mHasCurrentPermissionsRequest;
    private int mResultCode = RESULT_CANCELED;
    private Intent mResultData;
    private Map<Integer, Dialog> mDialogs;
    private final Handler mHandler = new Handler(Looper.getMainLooper());
    private final FragmentManager mFragments = new FragmentManager(this);
    private final Map<Integer, Fragment> mAskers = new LinkedHashMap<>();
    boolean mFinished;
    boolean mCalled;

    final void attach(Context context, ActivityThread aThread, Instrumentation instr, IBinder token, Application application,
            Intent intent, ActivityInfo info, CharSequence title) {
        attachBaseContext(context);
        mMainThread = aThread;
        mInstrumentation = instr;
        mToken = token;
        mApplication = application;
        mIntent = intent;
        mComponent = new ComponentName(info.packageName, info.name);
        mTitle = title;
        mWindow = new PhoneWindow(this);
        mWindow.setCallback(this);
        mWindow.setWindowManager((WindowManager) context.getSystemService(Context.WINDOW_SERVICE), mToken, mComponent.flattenToString());
    }

    // life cycle

    protected void onCreate(Bundle savedInstanceState) {
        mApplication.dispatch(c -> c.onActivityCreated(this, savedInstanceState));
    }
    public void onCreate(Bundle savedInstanceState, android.os.PersistableBundle persistentState) { onCreate(savedInstanceState); }
    protected void onPostCreate(Bundle savedInstanceState) {}
    protected void onStart() { mApplication.dispatch(c -> c.onActivityStarted(this)); }
    protected void onRestart() {}
    protected void onResume() { mApplication.dispatch(c -> c.onActivityResumed(this)); }
    protected void onPostResume() {}
    protected void onPause() { mApplication.dispatch(c -> c.onActivityPaused(this)); }
    protected void onStop() { mApplication.dispatch(c -> c.onActivityStopped(this)); }
    protected void onDestroy() { mApplication.dispatch(c -> c.onActivityDestroyed(this)); }
    protected void onNewIntent(Intent intent) {}
    public boolean onTouchEvent(MotionEvent event) { return false; }
    public void onDetachedFromWindow() {}
    public void onContentChanged() {}
    protected void onSaveInstanceState(Bundle outState) {}
    protected void onRestoreInstanceState(Bundle savedInstanceState) {}
    protected void onUserLeaveHint() {}
    public void onAttachedToWindow() {}
    @Override public void onWindowFocusChanged(boolean hasFocus) {}
    @Override public void onConfigurationChanged(Configuration newConfig) {}
    @Override public void onLowMemory() {}
    @Override public void onTrimMemory(int level) {}

    final void performCreate(Bundle icicle) {
        mApplication.dispatch(c -> c.onActivityPreCreated(this, icicle));
        mFragments.dispatch(FragmentManager.CREATED);
        onCreate(icicle);
        mApplication.dispatch(c -> c.onActivityPostCreated(this, icicle));
        mFragments.dispatch(FragmentManager.ACTIVITY_CREATED);
        mInstrumentation.callActivityOnPostCreate(this, icicle);
    }
    final void performStart() {
        mApplication.dispatch(c -> c.onActivityPreStarted(this));
        mInstrumentation.callActivityOnStart(this);
        mApplication.dispatch(c -> c.onActivityPostStarted(this));
        mFragments.dispatch(FragmentManager.STARTED);
    }
    final void performRestart() { mInstrumentation.callActivityOnRestart(this); }
    final void performResume() {
        mResumed = true;
        mApplication.dispatch(c -> c.onActivityPreResumed(this));
        mInstrumentation.callActivityOnResume(this);
        mFragments.dispatch(FragmentManager.RESUMED);
        onPostResume();
        mApplication.dispatch(c -> c.onActivityPostResumed(this));
        if (mOptions == null) mHandler.post(this::showOptions);
        android.view.WindowManagerGlobal.getInstance().standinFront(mToken, true);
    }
    final void performPause() {
        mFragments.dispatch(FragmentManager.STARTED);
        mApplication.dispatch(c -> c.onActivityPrePaused(this));
        onPause();
        mApplication.dispatch(c -> c.onActivityPostPaused(this));
        mResumed = false;
        android.view.WindowManagerGlobal.getInstance().standinFront(mToken, false);
    }
    final void performStop() {
        mFragments.dispatch(FragmentManager.ACTIVITY_CREATED);
        mApplication.dispatch(c -> c.onActivityPreStopped(this));
        mInstrumentation.callActivityOnStop(this);
        mApplication.dispatch(c -> c.onActivityPostStopped(this));
        if (mFinished) return;
        Bundle kept = new Bundle();
        onSaveInstanceState(kept);
        mApplication.dispatch(c -> c.onActivitySaveInstanceState(this, kept));
    }
    final void performDestroy() {
        mDestroyed = true;
        mFragments.dispatch(FragmentManager.NONE);
        mApplication.dispatch(c -> c.onActivityPreDestroyed(this));
        mInstrumentation.callActivityOnDestroy(this);
        mApplication.dispatch(c -> c.onActivityPostDestroyed(this));
    }
    public final boolean isResumed() { return mResumed; }
    public boolean isFinishing() { return mFinished; }
    public boolean isDestroyed() { return mDestroyed; }
    public boolean isTaskRoot() { return mMainThread.mActivities.size() <= 1; }
    public boolean isChangingConfigurations() { return false; }

    // views

    public Window getWindow() { return mWindow; }
    public WindowManager getWindowManager() { return mWindow.getWindowManager(); }
    public void setContentView(View view) { getWindow().setContentView(view); }
    public void setContentView(View view, ViewGroup.LayoutParams params) { getWindow().setContentView(view, params); }
    public void setContentView(int layoutResID) { getWindow().setContentView(layoutResID); }
    public void addContentView(View view, ViewGroup.LayoutParams params) { getWindow().addContentView(view, params); }
    public <T extends View> T findViewById(int id) { return getWindow().findViewById(id); }
    public final boolean requestWindowFeature(int featureId) { return true; }
    public View getCurrentFocus() { return getWindow().getCurrentFocus(); }
    public boolean hasWindowFocus() { return android.view.WindowManagerGlobal.getInstance().standinHasFocus(getWindow().getDecorView()); }
    public LayoutInflater getLayoutInflater() { return LayoutInflater.from(this); }
    public void setTitle(CharSequence title) { mTitle = title; }
    public void setTitle(int titleId) { setTitle(getText(titleId)); }
    public final void setVolumeControlStream(int streamType) { getWindow().setVolumeControlStream(streamType); }
    public final CharSequence getTitle() { return mTitle; }
    public void setRequestedOrientation(int o) { mOrientation = o; }
    public void overridePendingTransition(int a, int b) {}
    @Override public boolean dispatchTouchEvent(MotionEvent ev) { return false; }
    @Override public boolean dispatchKeyEvent(KeyEvent event) {
        if (getWindow().getDecorView().dispatchKeyEvent(event)) return true;
        return event.getAction() == KeyEvent.ACTION_DOWN ? onKeyDown(event.getKeyCode(), event) : onKeyUp(event.getKeyCode(), event);
    }
    public boolean onKeyDown(int keyCode, KeyEvent event) { return keyCode == KeyEvent.KEYCODE_BACK; }
    public boolean onKeyUp(int keyCode, KeyEvent event) {
        if (keyCode == KeyEvent.KEYCODE_MENU) openOptionsMenu();
        if (keyCode == KeyEvent.KEYCODE_BACK) onBackPressed();
        return keyCode == KeyEvent.KEYCODE_BACK || keyCode == KeyEvent.KEYCODE_MENU;
    }
    public boolean onKeyLongPress(int keyCode, KeyEvent event) { return false; }
    public void onBackPressed() { if (!mFragments.popBackStackImmediate()) finish(); }
    public FragmentManager getFragmentManager() { return mFragments; }
    public void onUserInteraction() {}

    // menus

    public boolean onCreateOptionsMenu(Menu menu) { return true; }
    public boolean onPrepareOptionsMenu(Menu menu) { return true; }
    public boolean onOptionsItemSelected(MenuItem item) { return false; }
    public void onOptionsMenuClosed(Menu menu) {}
    public boolean onContextItemSelected(MenuItem item) { return false; }
    public void onContextMenuClosed(Menu menu) {}
    @Override public void onCreateContextMenu(ContextMenu menu, View v, ContextMenu.ContextMenuInfo menuInfo) {}
    public void registerForContextMenu(View view) { view.setOnCreateContextMenuListener(this); }
    public void unregisterForContextMenu(View view) { view.setOnCreateContextMenuListener(null); }
    public void openContextMenu(View view) { view.showContextMenu(); }
    public MenuInflater getMenuInflater() { return new MenuInflater(this); }
    public void invalidateOptionsMenu() {
        mOptions = null;
        mHandler.post(this::showOptions);
    }
    public void openOptionsMenu() {
        showOptions();
        if (mOptions.hasVisibleItems()) mOptions.drop(getWindow().getDecorView(), () -> onOptionsMenuClosed(mOptions));
    }
    public void closeOptionsMenu() { if (mOptions != null) mOptions.close(); }

    /** Items that ask for it, and a button for the rest, above the content: as in an action bar. */
    private void showOptions() {
        if (mDestroyed) return;
        boolean made = mOptions != null;
        if (!made) {
            mOptions = new standin.Menus(this);
            mOptions.chosen = item -> {
                if (onOptionsItemSelected(item)) return true;
                for (Fragment f : mFragments.getFragments()) if (f.hasMenu() && f.onOptionsItemSelected(item)) return true;
                return false;
            };
            made = onCreateOptionsMenu(mOptions);
            for (Fragment f : mFragments.getFragments()) if (f.hasMenu()) f.onCreateOptionsMenu(mOptions, getMenuInflater());
        }
        boolean shown = made && onPrepareOptionsMenu(mOptions);
        ((PhoneWindow) getWindow()).standinBar(shown && mOptions.hasVisibleItems() ? mOptions.bar() : null);
    }
    @Override public Object getSystemService(String name) {
        return WINDOW_SERVICE.equals(name) && mWindow != null ? mWindow.getWindowManager() : super.getSystemService(name);
    }

    // who and what

    public Intent getIntent() { return mIntent; }
    public void setIntent(Intent intent) { mIntent = intent; }
    public final Application getApplication() { return mApplication; }
    public ComponentName getComponentName() { return mComponent; }
    public String getLocalClassName() { return mComponent.getClassName().replace(getPackageName() + ".", ""); }
    public String getCallingPackage() { return null; }
    public Uri getReferrer() { return Uri.parse("android-app://" + getPackageName()); }
    public int getTaskId() { return 1; }
    public final IBinder getActivityToken() { return mToken; }
    public final void runOnUiThread(Runnable action) {
        if (Looper.getMainLooper().isCurrentThread()) action.run();
        else mHandler.post(action);
    }
    public final Cursor managedQuery(Uri uri, String[] projection, String selection, String[] args, String sort) {
        return getContentResolver().query(uri, projection, selection, args, sort);
    }
    public android.content.SharedPreferences getPreferences(int mode) { return getSharedPreferences(getLocalClassName(), mode); }

    // starting others

    @Override public void startActivity(Intent intent) { startActivity(intent, null); }
    @Override public void startActivity(Intent intent, Bundle options) { startActivityForResult(intent, -1, options); }
    public void startActivityForResult(Intent intent, int requestCode) { startActivityForResult(intent, requestCode, null); }
    public void startActivityForResult(Intent intent, int requestCode, Bundle options) {
        Instrumentation.ActivityResult ar = mInstrumentation.execStartActivity(this, mMainThread.getApplicationThread(), mToken, this, intent, requestCode, options);
        if (ar != null) dispatchActivityResult(requestCode, ar.getResultCode(), ar.getResultData());
    }
    public boolean startActivityIfNeeded(Intent intent, int requestCode) {
        startActivityForResult(intent, requestCode);
        return true;
    }
    public final void setResult(int resultCode) { setResult(resultCode, null); }
    public final void setResult(int resultCode, Intent data) {
        mResultCode = resultCode;
        mResultData = data;
    }
    protected void onActivityResult(int requestCode, int resultCode, Intent data) {}
    void dispatchActivityResult(int requestCode, int resultCode, Intent data) {
        Fragment asker = mAskers.remove(requestCode);
        if (asker != null) asker.onActivityResult(requestCode, resultCode, data);
        else onActivityResult(requestCode, resultCode, data);
    }
    void standinStart(Fragment asker, Intent intent, int requestCode) {
        if (requestCode >= 0) mAskers.put(requestCode, asker);
        startActivityForResult(intent, requestCode);
    }
    void standinAsk(Fragment asker, String[] permissions, int requestCode) {
        mAskers.put(~requestCode, asker);
        requestPermissions(permissions, requestCode);
    }

    private void finish(boolean affinity, boolean removeTask) {
        if (mFinished) return;
        mFinished = true;
        Map<String, Object> a = new LinkedHashMap<>();
        a.put("token", mToken.toString());
        a.put("result", mResultCode);
        a.put("data", mResultData == null ? null : Intents.writeData(mResultData));
        a.put("affinity", affinity);
        Device.call("activity.finish", a);
    }
    public void finish() { finish(false, false); }
    public void finishAffinity() {
        for (ActivityThread.ActivityClientRecord r : new java.util.ArrayList<>(mMainThread.mActivities.values())) {
            if (r.activity != null && r.activity != this) r.activity.finish(false, false);
        }
        finish(true, false);
    }
    public void finishAndRemoveTask() { finish(false, true); }
    public void finishActivity(int requestCode) {}
    public boolean moveTaskToBack(boolean nonRoot) {
        return Boolean.TRUE.equals(Device.call("activity.toback", Map.of("token", mToken.toString())));
    }
    public void recreate() {}

    // permissions

    public final void requestPermissions(String[] permissions, int requestCode) {
        if (requestCode < 0) throw new IllegalArgumentException("requestCode should be >= 0");
        if (mHasCurrentPermissionsRequest) {
            android.util.Log.w("Activity", "Can request only one set of permissions at a time");
            onRequestPermissionsResult(requestCode, new String[0], new int[0]);
            return;
        }
        Intent intent = getPackageManager().buildRequestPermissionsIntent(permissions);
        startActivityForResult(REQUEST_PERMISSIONS_WHO_PREFIX, intent, requestCode, null);
        mHasCurrentPermissionsRequest = true;
    }
    public void startActivityForResult(String who, Intent intent, int requestCode, Bundle options) {
        mInstrumentation.execStartActivity(this, mMainThread.getApplicationThread(), mToken, who, intent, requestCode, options);
    }
    private void dispatchRequestPermissionsResult(int requestCode, Intent data) {
        mHasCurrentPermissionsRequest = false;
        String[] permissions = data == null ? new String[0] : data.getStringArrayExtra("android.content.pm.extra.REQUEST_PERMISSIONS_NAMES");
        int[] results = data == null ? new int[0] : data.getIntArrayExtra("android.content.pm.extra.REQUEST_PERMISSIONS_RESULTS");
        Fragment asker = mAskers.remove(~requestCode);
        if (asker != null) asker.onRequestPermissionsResult(requestCode, permissions, results);
        else onRequestPermissionsResult(requestCode, permissions, results);
    }
    final void standinPermissionsResult(int requestCode, Intent data) { dispatchRequestPermissionsResult(requestCode, data); }
    public void onRequestPermissionsResult(int requestCode, String[] permissions, int[] grantResults) {}
    public boolean shouldShowRequestPermissionRationale(String permission) {
        return Boolean.TRUE.equals(Device.call("perm.rationale", Map.of("permission", permission)));
    }

    // old dialogs

    public final void showDialog(int id) {
        if (mDialogs == null) mDialogs = new java.util.HashMap<>();
        Dialog d = mDialogs.computeIfAbsent(id, this::onCreateDialog);
        if (d == null) return;
        onPrepareDialog(id, d);
        d.show();
    }
    protected Dialog onCreateDialog(int id) { return null; }
    protected void onPrepareDialog(int id, Dialog dialog) {}
    public final void dismissDialog(int id) {
        Dialog d = mDialogs == null ? null : mDialogs.get(id);
        if (d == null) throw new IllegalArgumentException("no dialog with id " + id + " was ever shown via Activity#showDialog");
        d.dismiss();
    }
    public final void removeDialog(int id) {
        Dialog d = mDialogs == null ? null : mDialogs.remove(id);
        if (d != null) d.dismiss();
    }
    // seldom used parts: kept, or without effect here

    private ActionBar mActionBar;
    private int mOrientation = -1;
    private LoaderManager mLoaders;

    public ActionBar getActionBar() {
        if (mActionBar == null) mActionBar = new ActionBar(this);
        return mActionBar;
    }
    public void setActionBar(android.widget.Toolbar toolbar) {}
    public LoaderManager getLoaderManager() {
        if (mLoaders == null) mLoaders = new LoaderManager();
        return mLoaders;
    }
    public android.view.ActionMode startActionMode(android.view.ActionMode.Callback callback) { return android.view.ActionMode.standinStart(this, callback); }
    public android.view.ActionMode startActionMode(android.view.ActionMode.Callback callback, int type) { return startActionMode(callback); }
    public void onActionModeStarted(android.view.ActionMode mode) {}
    public void onActionModeFinished(android.view.ActionMode mode) {}
    public final <T extends View> T requireViewById(int id) {
        T found = findViewById(id);
        if (found == null) throw new IllegalArgumentException("ID does not reference a View inside this Activity");
        return found;
    }
    public final Activity getParent() { return null; }
    public final boolean isChild() { return false; }
    public ComponentName getCallingActivity() { return null; }
    public int getChangingConfigurations() { return 0; }
    public int getRequestedOrientation() { return mOrientation; }
    public final int getTitleColor() { return 0; }
    public void setTitleColor(int color) {}
    public final int getVolumeControlStream() { return getWindow().getVolumeControlStream(); }
    public boolean isImmersive() { return false; }
    public void setImmersive(boolean on) {}
    public boolean isInMultiWindowMode() { return false; }
    public boolean isInPictureInPictureMode() { return false; }
    public void enterPictureInPictureMode() {}
    public boolean isVoiceInteraction() { return false; }
    public boolean isActivityTransitionRunning() { return false; }
    public boolean isLocalVoiceInteractionSupported() { return false; }
    public void onMultiWindowModeChanged(boolean on, Configuration config) { onMultiWindowModeChanged(on); }
    public void onMultiWindowModeChanged(boolean on) {}
    public void onPictureInPictureModeChanged(boolean on, Configuration config) { onPictureInPictureModeChanged(on); }
    public void onPictureInPictureModeChanged(boolean on) {}
    public void onTopResumedActivityChanged(boolean on) {}
    public void onEnterAnimationComplete() {}
    public void onActivityReenter(int resultCode, Intent data) {}
    public void onAttachFragment(Fragment fragment) {}
    protected void onTitleChanged(CharSequence title, int color) {}
    public void onPanelClosed(int featureId, Menu menu) {}
    public boolean onMenuOpened(int featureId, Menu menu) { return true; }
    public boolean onMenuItemSelected(int featureId, MenuItem item) { return onOptionsItemSelected(item); }
    public View onCreateView(String name, Context context, android.util.AttributeSet attrs) { return null; }
    public View onCreateView(View parent, String name, Context context, android.util.AttributeSet attrs) { return onCreateView(name, context, attrs); }
    public boolean onSearchRequested() { return false; }
    public void startSearch(String query, boolean select, Bundle data, boolean global) {}
    public boolean onNavigateUp() {
        finish();
        return true;
    }
    public Intent getParentActivityIntent() { return null; }
    public boolean navigateUpTo(Intent intent) {
        finish();
        return true;
    }
    public boolean shouldUpRecreateTask(Intent intent) { return false; }
    public boolean onGenericMotionEvent(MotionEvent event) { return false; }
    public boolean dispatchGenericMotionEvent(MotionEvent event) { return false; }
    public Object getLastNonConfigurationInstance() { return null; }
    public Object onRetainNonConfigurationInstance() { return null; }
    public void finishAfterTransition() { finish(); }
    public void finishFromChild(Activity child) { finish(); }
    public void reportFullyDrawn() {}
    public void postponeEnterTransition() {}
    public void startPostponedEnterTransition() {}
    public void setFinishOnTouchOutside(boolean on) {}
    public void setShowWhenLocked(boolean on) {}
    public void setTurnScreenOn(boolean on) {}
    public void setInheritShowWhenLocked(boolean on) {}
    public void setVisible(boolean visible) { getWindow().getDecorView().setVisibility(visible ? View.VISIBLE : View.INVISIBLE); }
    public final void setDefaultKeyMode(int mode) {}
    public void setTaskDescription(ActivityManager.TaskDescription description) {}
    public final void setProgress(int progress) {}
    public final void setProgressBarVisibility(boolean visible) {}
    public final void setProgressBarIndeterminateVisibility(boolean visible) {}
    public void overridePendingTransition(int a, int b, int background) {}
    public void startLockTask() {}
    public void stopLockTask() {}
    public boolean releaseInstance() { return false; }
    public void closeContextMenu() {}
    public PendingIntent createPendingResult(int requestCode, Intent data, int flags) { return PendingIntent.getActivity(this, requestCode, data, flags); }
    @Deprecated
    public void startManagingCursor(Cursor c) {}
    @Deprecated
    public void stopManagingCursor(Cursor c) {}
    @Override public void startActivities(Intent[] intents) { for (Intent one : intents) startActivity(one); }
    public void startIntentSenderForResult(android.content.IntentSender sender, int requestCode, Intent fill, int mask, int values, int extra) throws android.content.IntentSender.SendIntentException { sender.sendIntent(this, 0, fill, null, null); }
    public void startIntentSenderForResult(android.content.IntentSender sender, int requestCode, Intent fill, int mask, int values, int extra, Bundle options) throws android.content.IntentSender.SendIntentException { sender.sendIntent(this, 0, fill, null, null); }
    public void registerActivityLifecycleCallbacks(Application.ActivityLifecycleCallbacks one) {
        mApplication.registerActivityLifecycleCallbacks(new OneActivity(this, one));
    }
    public void unregisterActivityLifecycleCallbacks(Application.ActivityLifecycleCallbacks one) { mApplication.unregisterActivityLifecycleCallbacks(new OneActivity(this, one)); }

    /** Told of screenshots of the activity. */
    public interface ScreenCaptureCallback {
        void onScreenCaptured();
    }

    /** Callbacks of one activity only. */
    private static final class OneActivity implements Application.ActivityLifecycleCallbacks {
        private final Activity of;
        private final Application.ActivityLifecycleCallbacks to;

        OneActivity(Activity of, Application.ActivityLifecycleCallbacks to) {
            this.of = of;
            this.to = to;
        }
        @Override public boolean equals(Object o) { return o instanceof OneActivity && ((OneActivity) o).of == of && ((OneActivity) o).to == to; }
        @Override public int hashCode() { return to.hashCode(); }
        @Override public void onActivityCreated(Activity a, Bundle state) { if (a == of) to.onActivityCreated(a, state); }
        @Override public void onActivityStarted(Activity a) { if (a == of) to.onActivityStarted(a); }
        @Override public void onActivityResumed(Activity a) { if (a == of) to.onActivityResumed(a); }
        @Override public void onActivityPaused(Activity a) { if (a == of) to.onActivityPaused(a); }
        @Override public void onActivityStopped(Activity a) { if (a == of) to.onActivityStopped(a); }
        @Override public void onActivitySaveInstanceState(Activity a, Bundle state) { if (a == of) to.onActivitySaveInstanceState(a, state); }
        @Override public void onActivityDestroyed(Activity a) { if (a == of) to.onActivityDestroyed(a); }
    }
}
