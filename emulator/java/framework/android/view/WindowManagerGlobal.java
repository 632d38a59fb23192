package android.view;

import android.os.Handler;
import android.os.Looper;
import java.util.ArrayList;
import java.util.List;

/** Every window of this process. */
public final class WindowManagerGlobal {
    private static final WindowManagerGlobal sInstance = new WindowManagerGlobal();
    private final List<ViewRootImpl> mRoots = new ArrayList<>();
    /** Activities in front, and the window that has the focus: of the main thread only. */
    private final java.util.Set<android.os.IBinder> mFront = new java.util.HashSet<>();
    private ViewRootImpl mFocused;

    private WindowManagerGlobal() {}

    public static WindowManagerGlobal getInstance() { return sInstance; }

    public String[] getViewRootNames() {
        synchronized (mRoots) {
            return mRoots.stream().map(r -> r.getTitle()).toArray(String[]::new);
        }
    }

    public void addView(View view, ViewGroup.LayoutParams params, Display display, Window parentWindow, int userId) {
        if (view == null) throw new IllegalArgumentException("view must not be null");
        if (!(params instanceof WindowManager.LayoutParams)) throw new IllegalArgumentException("Params must be WindowManager.LayoutParams");
        WindowManager.LayoutParams wparams = (WindowManager.LayoutParams) params;
        if (find(view) != null) {
            throw new IllegalStateException("View " + view + " has already been added to the window manager.");
        }
        if (parentWindow != null) parentWindow.adjustLayoutParamsForSubWindow(wparams);
        if (wparams.type == WindowManager.LayoutParams.TYPE_APPLICATION_OVERLAY && !standin.Device.hasPermission("android.permission.SYSTEM_ALERT_WINDOW")) {
            throw new WindowManager.BadTokenException("Unable to add window -- permission denied for window type " + wparams.type);
        }
        if (wparams.type <= 99 && wparams.token == null) {
            throw new WindowManager.BadTokenException("Unable to add window -- token null is not valid; is your activity running?");
        }
        ViewRootImpl root = new ViewRootImpl(view, wparams);
        synchronized (mRoots) {
            mRoots.add(root);
        }
        root.setView();
        standinFocus();
    }

    public void updateViewLayout(View view, ViewGroup.LayoutParams params) {
        ViewRootImpl root = find(view);
        if (root == null) throw new IllegalArgumentException("View=" + view + " not attached to window manager");
        root.scheduleTraversals();
    }

    public void removeView(View view, boolean immediate) {
        if (view == null) throw new IllegalArgumentException("view must not be null");
        ViewRootImpl root = find(view);
        if (root == null) throw new IllegalArgumentException("View=" + view + " not attached to window manager");
        synchronized (mRoots) {
            mRoots.remove(root);
        }
        root.die();
        standinFocus();
    }

    /** The stand-in's own: windows of an activity that is destroyed go with it. */
    public void closeAll(android.os.IBinder token) {
        for (ViewRootImpl root : standinRoots()) if (root.mToken == token) removeView(root.mView, true);
    }

    /** The stand-in's own: which window has the focus may have changed. Windows learn it by a message, after onResume. */
    private void standinFocus() { new Handler(Looper.getMainLooper()).post(this::moveFocus); }

    /** The stand-in's own: an activity came to the front or left it. */
    public void standinFront(android.os.IBinder token, boolean front) {
        if (front) mFront.add(token);
        else mFront.remove(token);
        standinFocus();
    }

    /** The stand-in's own: whether this window has the focus. */
    public boolean standinHasFocus(View view) { return mFocused != null && mFocused.mView == view; }

    private void moveFocus() {
        List<ViewRootImpl> roots = standinRoots();
        ViewRootImpl before = mFocused;
        mFocused = null;
        for (ViewRootImpl root : roots) {
            boolean below = root.isBase() && mFocused != null && !mFocused.isBase(); // a dialog of onCreate was added first
            boolean front = root.mToken == null || mFront.contains(root.mToken);
            if (front && root.takesFocus() && !below) mFocused = root;
        }
        ViewRootImpl now = mFocused;
        if (now == before) return;
        if (before != null && roots.contains(before)) before.mView.dispatchWindowFocusChanged(false);
        if (now != null) now.mView.dispatchWindowFocusChanged(true);
    }

    private ViewRootImpl find(View view) {
        synchronized (mRoots) {
            for (ViewRootImpl r : mRoots) if (r.mView == view) return r;
        }
        return null;
    }

    public List<ViewRootImpl> standinRoots() {
        synchronized (mRoots) {
            return new ArrayList<>(mRoots);
        }
    }
}
